/** What must hold besides the tests, one list for `npm run check` (first, to fail early) and for `npm test` (as tests). */
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

const bin = (path) => join(ROOT, 'node_modules', path);

/** Each step: its name, what to run with node, and how to mend what it finds. */
export const STEPS = [
  { name: 'types', args: [bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit'], mend: 'see the errors above' },
  {
    name: 'format and lint',
    args: [bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '--max-diagnostics=50'],
    mend: 'npm run format',
  },
  { name: 'flow diagrams', args: [join(ROOT, 'scripts/flow-diagrams.mjs'), '--check'], mend: 'npm run docs:flows' },
];
