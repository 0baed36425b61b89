import type { Merchant } from '../../contracts/merchant.js';
import type { Merchants } from '../../contracts/store.js';
import { createDocumentTable, documentOf, documentsOf } from './documents.js';
import type { Session } from './session.js';

export function createMerchants({ database, read, write }: Session): Merchants {
  const table = createDocumentTable<Merchant>(database, 'merchants', []);
  const byKey = database.prepare(
    'SELECT body FROM merchant_keys JOIN merchants ON merchants.id = merchant_keys.merchant WHERE hash = ?',
  );
  const all = database.prepare('SELECT body FROM merchants ORDER BY seq');
  const forget = database.prepare('DELETE FROM merchant_keys WHERE merchant = ?');
  const keep = database.prepare('INSERT INTO merchant_keys (hash, merchant) VALUES (?, ?)');

  return {
    load: (id) => read(() => table.find(id)),
    async commit(merchant) {
      const { id } = merchant;
      const hashes = new Set(merchant.keys.map(({ hash }) => hash));
      const change = table.change(merchant, {});
      return write(() => {
        if (!change()) return false;
        forget.run(id);
        for (const hash of hashes) keep.run(hash, id);
        return true;
      });
    },
    byKey: (keyHash) => read(() => documentOf<Merchant>(byKey.get(keyHash))),
    list: () => read(() => documentsOf<Merchant>(all.all())),
  };
}
