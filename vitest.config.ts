import { defineConfig } from 'vitest/config';
import { closingReporter } from './test/support/reporter.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, because a native library is loaded; two, because that is what the reference machine has.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 10_000,
    hookTimeout: 20_000,
    allowOnly: false,
    reporters: ['default', closingReporter()],
  },
});
