import PostalMime, { type Email } from 'postal-mime';
import type { Database, Value } from '../../store/sqlite/database.js';

/** A mail as it was received, read. */
export interface Letter {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The envelope's recipients. */
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly messageId: string | null;
  /** The payment it is about, if it names one. */
  readonly payment: string | null;
}

export interface ReadLetter extends Letter {
  readonly text: string;
  readonly html: string | null;
  readonly raw: string;
}

export interface LetterQuery {
  /** Only those received after this one, oldest first; else the newest, newest first. */
  readonly after?: number;
  readonly to?: string;
  readonly payment?: string;
  readonly limit: number;
}

export interface Recipient {
  readonly address: string;
  readonly letters: number;
}

export interface Letters {
  /** Durable when it resolves. */
  add(received: { readonly at: number; readonly to: readonly string[]; readonly raw: Buffer }): Promise<Letter>;
  list(query: LetterQuery): Letter[];
  /** To whom there is mail, those who got the last one first, with how many. */
  recipients(): readonly Recipient[];
  /** With its bodies; null when there is none, or no more. */
  read(id: number): Promise<ReadLetter | null>;
  clear(): void;
}

/** What is kept at most; the oldest go first. */
const LETTERS_MAX = 2_000;
const BYTES_MAX = 64 * 2 ** 20;
const TEXT_MAX = 400;
const RECIPIENTS_MAX = 50;

interface Row {
  readonly id: number;
  readonly at: number;
  readonly recipients: string;
  readonly sender: string;
  readonly subject: string;
  readonly message_id: string | null;
  readonly payment: string | null;
}

const COLUMNS = 'id, at, recipients, sender, subject, message_id, payment';

export function createLetters(database: Database): Letters {
  const insert = database.prepare(
    `INSERT INTO mails (at, recipients, sender, subject, message_id, payment, bytes, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const size = database.prepare('SELECT count(*) AS letters, total(bytes) AS bytes FROM mails');
  const drop = database.prepare('DELETE FROM mails WHERE id IN (SELECT id FROM mails ORDER BY id LIMIT ?)');
  const find = database.prepare(`SELECT ${COLUMNS}, raw FROM mails WHERE id = ?`);

  const recipients = database.prepare(
    `SELECT lower(value) AS address, count(*) AS letters FROM mails, json_each(recipients)
     GROUP BY 1 ORDER BY max(mails.id) DESC LIMIT ${RECIPIENTS_MAX}`,
  );

  function prune(): void {
    for (;;) {
      const { letters, bytes } = size.get() as { letters: number; bytes: number };
      if (letters <= LETTERS_MAX && bytes <= BYTES_MAX) return;
      drop.run(Math.max(1, letters - LETTERS_MAX));
    }
  }

  return {
    async add({ at, to, raw }) {
      const mail = await parsed(raw);
      const sender = cut(mail.from?.address ?? '');
      const subject = cut(mail.subject ?? '');
      const messageId = mail.messageId === undefined ? null : cut(mail.messageId);
      const payment = headerOf(mail, 'x-guichet-payment');
      const { lastInsertRowid } = insert.run(
        ...[at, JSON.stringify(to), sender, subject, messageId, payment, raw.byteLength, raw],
      );
      prune();
      return { id: Number(lastInsertRowid), at, to, from: sender, subject, messageId, payment };
    },
    list({ after, to, payment, limit }) {
      const conditions: [string, Value][] = [];
      if (after !== undefined) conditions.push(['id > ?', after]);
      if (payment !== undefined) conditions.push(['payment = ?', payment]);
      if (to !== undefined) {
        conditions.push(['EXISTS (SELECT 1 FROM json_each(recipients) WHERE lower(value) = lower(?))', to]);
      }
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
      const order = after === undefined ? 'DESC' : 'ASC';
      const statement = database.prepare(`SELECT ${COLUMNS} FROM mails ${where} ORDER BY id ${order} LIMIT ?`);
      return (statement.all(...conditions.map(([, value]) => value), limit) as Row[]).map(letterOf);
    },
    recipients: () => recipients.all() as readonly Recipient[],
    async read(id) {
      const row = find.get(id) as (Row & { raw: Uint8Array }) | undefined;
      if (row === undefined) return null;
      const raw = Buffer.from(row.raw);
      const { text, html } = await parsed(raw);
      return { ...letterOf(row), text: text ?? '', html: html ?? null, raw: raw.toString('utf8') };
    },
    clear: () => database.exec('DELETE FROM mails'),
  };
}

function letterOf({ id, at, recipients, sender, subject, message_id, payment }: Row): Letter {
  const to = JSON.parse(recipients) as string[];
  return { id, at, to, from: sender, subject, messageId: message_id, payment };
}

/** What cannot be read is shown as it came. */
async function parsed(raw: Buffer): Promise<Partial<Email>> {
  try {
    return await PostalMime.parse(raw);
  } catch {
    return { text: raw.toString('utf8') };
  }
}

function headerOf({ headers = [] }: Partial<Email>, name: string): string | null {
  const value = headers.find(({ key }) => key === name)?.value;
  return value === undefined ? null : cut(value.trim());
}

const cut = (text: string): string => text.slice(0, TEXT_MAX);
