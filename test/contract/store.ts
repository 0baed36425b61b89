import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/contracts/store.js';
import { samplePayment } from './samples.js';
import { proveDeliveries } from './store_deliveries.js';
import { proveDocuments } from './store_documents.js';
import { proveFeed } from './store_feed.js';
import { proveGuards } from './store_guards.js';
import { proveLists } from './store_lists.js';
import { proveMails } from './store_mails.js';
import { provePayments } from './store_payments.js';
import { proveTelevision } from './store_television.js';
import { proveTexts } from './store_texts.js';
import type { StoreUnderTest } from './store_under_test.js';
import { proveUniqueness } from './store_uniqueness.js';
import { proveVault } from './store_vault.js';
import { proveWorkers } from './store_workers.js';

/**
 * What every store must keep, whatever it is made of: compare-and-swap, uniqueness, walls between merchants and modes,
 * feeds without holes. `makeStore` answers an empty store; the suite closes it.
 */
export function proveStore(name: string, makeStore: () => Promise<Store>): void {
  describe(`the store ${name}`, () => {
    let current: Store;
    const under: StoreUnderTest = {
      get store() {
        return current;
      },
    };
    beforeEach(async () => {
      current = await makeStore();
    });
    afterEach(() => current.close());

    describe('payments', () => provePayments(under));
    describe('unique values of payments', () => proveUniqueness(under));
    describe('lists of payments', () => proveLists(under));
    describe('the feed', () => proveFeed(under));
    describe('payers, merchants and endpoints', () => proveDocuments(under));
    describe('deliveries', () => proveDeliveries(under));
    describe('mails', () => proveMails(under));
    describe('texts and consents', () => proveTexts(under));
    describe('operators, keys of boxes and their sessions', () => proveTelevision(under));
    describe('codes and guards', () => proveGuards(under));
    describe('vault records', () => proveVault(under));
    describe('keys of workers', () => proveWorkers(under));

    it('answers while it is open', async () => {
      await expect(current.ping()).resolves.toBeUndefined();
    });

    it('refuses reads and writes once it is closed, and may be closed twice', async () => {
      await current.close();
      await current.close();
      await expect(current.ping()).rejects.toMatchObject({ name: 'StoreFailure' });
      await expect(current.payments.load('pay_none')).rejects.toMatchObject({ name: 'StoreFailure' });
      const commit = { payment: samplePayment(), feed: null, claims: [], releases: [], codeFreeAt: null };
      await expect(current.payments.commit(commit)).rejects.toMatchObject({ name: 'StoreFailure' });
    });
  });
}
