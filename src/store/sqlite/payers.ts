import type { Payer } from '../../contracts/payer.js';
import type { Payers } from '../../contracts/store.js';
import { createDocumentTable, documentOf, documentsOf } from './documents.js';
import type { Requests } from './requests.js';
import type { Session } from './session.js';
import type { Walls } from './walls.js';

export function createPayers({ database, read, write }: Session, walls: Walls, requests: Requests): Payers {
  const table = createDocumentTable<Payer>(database, 'payers', ['wall', 'account', 'due_at']);
  const byAccount = database.prepare('SELECT body FROM payers WHERE wall = ? AND account = ?');
  const byInstrument = database.prepare(
    `SELECT body FROM payer_instruments JOIN payers ON payers.id = payer_instruments.payer
     WHERE payer_instruments.wall = ? AND token = ? ORDER BY seq LIMIT 1`,
  );
  const due = database.prepare('SELECT body FROM payers WHERE due_at <= ? ORDER BY due_at LIMIT ?');
  const nextCodeHash = database.prepare(
    `SELECT json_extract(body, '$.purchaseCode.hash') AS found FROM payers
     WHERE json_extract(body, '$.purchaseCode.hash') > ? ORDER BY json_extract(body, '$.purchaseCode.hash') LIMIT 1`,
  );
  const forget = database.prepare('DELETE FROM payer_instruments WHERE payer = ?');
  const keep = database.prepare(
    'INSERT INTO payer_instruments (wall, token, payer) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );

  return {
    load: (id) => read(() => table.find(id)),
    async commit(payer) {
      const { id, account } = payer;
      const wall = walls.enter(payer.owner, payer.mode);
      const tokens = payer.instruments.map(({ token }) => token);
      const kept = payer.requests.map(({ key }) => ({ key }));
      const change = table.change(payer, { wall, account, due_at: payer.unfinished?.dueAt ?? null }, () =>
        requests.keep('payer', wall, id, kept),
      );
      return write(() => {
        if (!change()) return false;
        forget.run(id);
        for (const token of tokens) keep.run(wall, token, id);
        return true;
      });
    },
    byAccount: (owner, mode, account) =>
      read(() => {
        const wall = walls.find(owner, mode);
        return wall === null ? null : documentOf<Payer>(byAccount.get(wall, account));
      }),
    byInstrument: (owner, mode, token) =>
      read(() => {
        const wall = walls.find(owner, mode);
        return wall === null ? null : documentOf<Payer>(byInstrument.get(wall, token));
      }),
    byRequest: (owner, mode, key) => requests.holder('payer', owner, mode, key),
    nextCodeHash: (after) => read(() => (nextCodeHash.get(after) as { found: string } | undefined)?.found ?? null),
    due: (now, limit) => read(() => documentsOf<Payer>(due.all(now, limit))),
  };
}
