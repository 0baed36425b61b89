import type { Merchant } from '../../contracts/merchant.js';
import type { Merchants } from '../../contracts/store.js';
import { createDocumentTable, documentOf, documentsOf } from './documents.js';
import { createKnown } from './known.js';
import type { Session } from './session.js';

/** Merchants that are kept in memory by their keys. */
const KNOWN_MAX = 1_000;

export function createMerchants({ database, read, write }: Session): Merchants {
  const table = createDocumentTable<Merchant>(database, 'merchants', []);
  const byKey = database.prepare(
    'SELECT body FROM merchant_keys JOIN merchants ON merchants.id = merchant_keys.merchant WHERE hash = ?',
  );
  const all = database.prepare('SELECT body FROM merchants ORDER BY seq');
  const forget = database.prepare('DELETE FROM merchant_keys WHERE merchant = ?');
  const keep = database.prepare('INSERT INTO merchant_keys (hash, merchant) VALUES (?, ?)');
  // Every call of the API asks whose key it brings.
  const known = createKnown<Merchant>(database, KNOWN_MAX);
  const findByKey = (hash: string): Merchant | null => known.get(hash, () => documentOf<Merchant>(byKey.get(hash)));

  return {
    load: (id) => read(() => table.find(id)),
    async commit(merchant) {
      const { id } = merchant;
      const hashes = new Set(merchant.keys.map(({ hash }) => hash));
      const change = table.change(merchant, {});
      return write(() => {
        if (!change()) return false;
        // Nobody reads between this and the end of the transaction.
        known.clear();
        forget.run(id);
        for (const hash of hashes) keep.run(hash, id);
        return true;
      });
    },
    byKey: (keyHash) => read(() => findByKey(keyHash)),
    list: () => read(() => documentsOf<Merchant>(all.all())),
  };
}
