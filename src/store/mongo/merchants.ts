import type { Merchant } from '../../contracts/merchant.js';
import type { Merchants } from '../../contracts/store.js';
import { createAggregates } from './aggregates.js';
import type { Collections, Stored } from './collections.js';
import { MERCHANT_FREE_FORMS } from './document_shapes.js';
import { gathered } from './gathered.js';
import type { Session } from './session.js';

/** Keys are looked up at each call, for all who call together: another process may have revoked one a moment ago. */
export function createMerchants(session: Session, { merchants }: Collections): Merchants {
  const aggregates = createAggregates<Merchant>(session, { collection: merchants, freeForms: MERCHANT_FREE_FORMS });

  const byKey = gathered<string, Merchant | null>(async (hashes) => {
    const found = await merchants.collection.find({ 'keys.hash': { $in: [...new Set(hashes)] } }).toArray();
    const holders = (found as unknown as Stored[]).map(aggregates.read);
    return hashes.map((hash) => holders.find(({ keys }) => keys.some((key) => key.hash === hash)) ?? null);
  });

  return {
    load: aggregates.load,
    commit: (merchant) => aggregates.commit(merchant),
    byKey: (keyHash) => session.run(() => byKey(String(keyHash))),
    list: () =>
      session.run(async () => {
        const rows = await merchants.find({}, aggregates.projection).sort({ _id: 1 }).lean();
        return (rows as Stored[]).map(aggregates.read);
      }),
  };
}
