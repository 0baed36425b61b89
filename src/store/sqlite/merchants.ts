import type { Merchant } from '../../contracts/merchant.js';
import type { Merchants } from '../../contracts/store.js';
import { createDocumentTable, documentOf, documentsOf } from './documents.js';
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
  const dataVersion = database.prepare('PRAGMA data_version');

  // Every call of the API asks whose key it brings. Kept until this process writes a merchant or another one writes anything,
  // which SQLite tells by the data version; asking that costs two locks, so it is asked once in a turn of the event loop.
  const known = new Map<string, Merchant>();
  let version = 0;
  let isCurrent = false;

  function beCurrent(): void {
    if (isCurrent) return;
    const { data_version: current } = dataVersion.get() as { data_version: number };
    if (current !== version) known.clear();
    version = current;
    isCurrent = true;
    setImmediate(() => {
      isCurrent = false;
    });
  }

  function findByKey(hash: string): Merchant | null {
    beCurrent();
    const kept = known.get(hash);
    if (kept !== undefined) return kept;
    const merchant = documentOf<Merchant>(byKey.get(hash));
    if (merchant === null) return null;
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(hash, merchant);
    return merchant;
  }

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
