import type { Texts } from '../../contracts/store.js';
import type { Text } from '../../contracts/text.js';
import { createDocumentTable, documentOf, documentsOf } from './documents.js';
import type { Session } from './session.js';

export function createTexts({ database, read, write }: Session): Texts {
  const table = createDocumentTable<Text>(database, 'texts', ['key', 'payment', 'number', 'due_at']);
  const due = database.prepare('SELECT body FROM texts WHERE due_at <= ? ORDER BY due_at LIMIT ?');
  const earliest = database.prepare('SELECT min(due_at) AS at FROM texts WHERE due_at IS NOT NULL');
  const byKey = database.prepare('SELECT body FROM texts WHERE key = ?');
  const ofPayment = database.prepare('SELECT body FROM texts WHERE payment = ? ORDER BY seq');
  const ofNumber = database.prepare(
    `SELECT body FROM texts WHERE number IN (SELECT value FROM json_each(?))
     ORDER BY seq DESC LIMIT ?`,
  );

  const withDigitsTo = database.prepare(
    `SELECT body FROM texts WHERE number IN (SELECT value FROM json_each(?))
     AND json_extract(body, '$.challenge.hash') IS NOT NULL
     ORDER BY seq DESC LIMIT ?`,
  );

  return {
    load: (id) => read(() => table.find(id)),
    async commit(text) {
      const { key, payment, number, dueAt } = text;
      return write(table.change(text, { key, payment, number, due_at: dueAt }));
    },
    due: (now, limit) => read(() => documentsOf<Text>(due.all(now, limit))),
    nextDue: () => read(() => (earliest.get() as { at: number | null }).at),
    byKey: (key) => read(() => documentOf<Text>(byKey.get(key))),
    ofPayment: (payment) => read(() => documentsOf<Text>(ofPayment.all(payment))),
    ofNumber: (numbers, limit) => read(() => documentsOf<Text>(ofNumber.all(JSON.stringify(numbers), limit))),
    withDigitsTo: (numbers, limit) => read(() => documentsOf<Text>(withDigitsTo.all(JSON.stringify(numbers), limit))),
  };
}
