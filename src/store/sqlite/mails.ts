import type { Mail } from '../../contracts/mail.js';
import type { MailCursor, Mails } from '../../contracts/store.js';
import { createDocumentTable, documentsOf } from './documents.js';
import type { Session } from './session.js';
import type { Walls } from './walls.js';

export function createMails({ database, read, write }: Session, walls: Walls): Mails {
  const table = createDocumentTable<Mail>(database, 'mails', ['key', 'payment', 'due_at']);
  const add = database.prepare(
    `INSERT INTO mails (id, revision, key, payment, due_at, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO NOTHING`,
  );
  const behind = database.prepare(
    'SELECT owner AS merchant, mode, mailed AS position FROM walls WHERE mailed < head ORDER BY id LIMIT ?',
  );
  const move = database.prepare('UPDATE walls SET mailed = ? WHERE id = ? AND mailed = ?');
  const due = database.prepare('SELECT body FROM mails WHERE due_at <= ? ORDER BY due_at LIMIT ?');
  const earliest = database.prepare('SELECT min(due_at) AS at FROM mails WHERE due_at IS NOT NULL');
  const ofPayment = database.prepare('SELECT body FROM mails WHERE payment = ? ORDER BY seq');

  return {
    load: (id) => read(() => table.find(id)),
    async commit(mail) {
      const { key, payment, dueAt } = mail;
      return write(table.change(mail, { key, payment, due_at: dueAt }));
    },
    behind: (limit) => read(() => behind.all(limit) as MailCursor[]),
    async enqueue({ merchant, mode, position: from }, to, mails) {
      const wall = walls.enter(merchant, mode);
      const rows = mails.map((mail) => {
        const { id, revision, key, payment, dueAt } = mail;
        return [id, revision, key, payment, dueAt, JSON.stringify(mail)] as const;
      });
      return write(() => {
        if (move.run(to, wall, from).changes === 0) return false;
        for (const row of rows) add.run(...row);
        return true;
      });
    },
    due: (now, limit) => read(() => documentsOf<Mail>(due.all(now, limit))),
    nextDue: () => read(() => (earliest.get() as { at: number | null }).at),
    ofPayment: (payment) => read(() => documentsOf<Mail>(ofPayment.all(payment))),
  };
}
