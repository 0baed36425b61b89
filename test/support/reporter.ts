import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

const REASON = / \[(no .+)\]$/;

/** How a run ended: counts, and a line for each thing that was skipped. */
export interface RunResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly lines: readonly string[];
}

/** Counts a run and says in one line per skipped group how to get what it needs. */
export function closingReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const result = resultOf(modules, unhandledErrors.length);
      // `npm test` asks for the result and prints it as the very last thing.
      const asked = process.env['GUICHET_TEST_RESULT'];
      if (asked) writeFileSync(asked, JSON.stringify(result));
      else for (const line of result.lines) process.stdout.write(`${line}\n`);
    },
  };
}

function resultOf(modules: readonly TestModule[], unhandledErrors: number): RunResult {
  const count = { passed: 0, failed: unhandledErrors, skipped: 0 };
  const skipped = new Map<string, { tests: number; files: Set<string> }>();
  for (const module of modules) {
    // A file that cannot be loaded has no test that fails, but fails.
    count.failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') count.passed += 1;
      else if (state === 'failed') count.failed += 1;
      else {
        count.skipped += 1;
        const reason = reasonOf(test);
        const group = skipped.get(reason) ?? { tests: 0, files: new Set() };
        group.tests += 1;
        group.files.add(module.relativeModuleId);
        skipped.set(reason, group);
      }
    }
    for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
  }
  const lines = [...skipped].map(
    ([reason, { tests, files }]) => `skipped ${tests} of ${[...files].sort().join(', ')}: ${reason}`,
  );
  return { ...count, lines };
}

/** The reason that `needs` wrote into the title of the group around `test`. */
function reasonOf(test: TestCase): string {
  let around: TestSuite | TestModule = test.parent;
  while (around.type === 'suite') {
    const reason = REASON.exec(around.name)?.[1];
    if (reason !== undefined) return reason;
    around = around.parent;
  }
  return 'without a reason';
}
