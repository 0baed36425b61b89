import type { Client } from './client.js';
import type { Unit } from './load.js';
import { page, stored } from './units.js';

/** What is measured, in a house of one process and in a cluster alike. */
export interface Scenario {
  readonly title: string;
  readonly acquirer: 'dummy' | 'sandbox';
  /** Units by name; the first is measured in every way, others at 32 callers only. */
  readonly unit: (client: Client) => Unit;
  readonly also?: { readonly name: string; readonly unit: (client: Client) => Unit };
  readonly callers: readonly number[];
  /** Payments per second of the open loop. */
  readonly rates: readonly number[];
}

export const SCENARIOS: Readonly<Record<'a' | 'b' | 'c', Scenario>> = {
  a: {
    title: '(a) POST /v1/payments with pay_with, dummy acquirer in the process; then GET',
    acquirer: 'dummy',
    unit: (client) => stored(client, { withKey: false }),
    also: { name: '32 callers, Idempotency-Key', unit: (client) => stored(client, { withKey: true }) },
    callers: [1, 8, 32, 128],
    rates: [200, 500, 800],
  },
  b: {
    title: '(b) the same through the sandbox over HTTP, with its server and ledger',
    acquirer: 'sandbox',
    unit: (client) => stored(client, { withKey: false }),
    callers: [1, 8, 32, 128],
    rates: [50, 100, 200],
  },
  c: {
    title: "(c) a payer's whole way: order, page, card form, 3-D Secure without challenge, wait, outcome",
    acquirer: 'sandbox',
    unit: page,
    callers: [1, 8, 32, 128],
    rates: [10, 25, 50],
  },
};
