import { defineConfig } from 'vitest/config';
import { mongoSource } from './test/support/mongod.js';
import { closingReporter } from './test/support/reporter.js';

/** Suites over a whole store, which both ways to run must pass: played again on MongoDB, where one can be had. */
const ON_BOTH_STORES = [
  'test/{http,counter,payers,operators,notify/mails}/*.test.ts',
  'test/channels/*/{*house,account_changes}.test.ts',
  'test/channels/{ivr,sms,tv}/*.test.ts',
  'test/channels/moves/{race,hop}.test.ts',
  'test/notify/texts/*.test.ts',
];
/** A server of its own answers later than memory, most of all beside others. */
const MONGODB_TEST_MS_MAX = 60_000;

export default defineConfig({
  test: {
    // Processes, because a native library is loaded; two, because that is what the reference machine has.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 10_000,
    hookTimeout: 20_000,
    allowOnly: false,
    reporters: ['default', closingReporter()],
    projects: [
      { extends: true, test: { name: 'here', include: ['test/**/*.test.ts'] } },
      ...(mongoSource() === null
        ? []
        : [
            {
              extends: true as const,
              test: {
                name: 'on MongoDB',
                include: ON_BOTH_STORES,
                globalSetup: 'test/support/mongodb_run.ts',
                testTimeout: MONGODB_TEST_MS_MAX,
                hookTimeout: MONGODB_TEST_MS_MAX,
              },
            },
          ]),
    ],
  },
});
