import { expect, it } from 'vitest';
import { createRoute } from '../../src/acquirers/index.js';

it.each([
  ['test', 'sandbox'],
  ['live', null],
] as const)('routes %s payments to %s', (mode, acquirer) => {
  expect(createRoute()({ mode, merchant: 'mer_1', currency: 'EUR', instrument: 'card' })).toBe(acquirer);
});
