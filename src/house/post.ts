import type { Config } from '../config.js';
import { type Mailbox, openMailbox } from '../lab/mailbox/mailbox.js';
import type { Parts } from './parts.js';

export type Post = Awaited<ReturnType<typeof openPost>>;

/** Where mail goes: the mail server of the settings, or the lab's own mailbox. Elsewhere none is sent. */
export async function openPost({ mailServer, mailFrom, lab, dataDir }: Config, { clock, log }: Parts) {
  const mailbox = mailServer === null && lab ? await openMailbox({ dataFolder: dataDir, clock, log }) : null;
  if (mailServer === null && mailbox === null) log.warn('no mail is sent: SMTP_URL names no mail server');
  return {
    server: mailbox === null ? mailServer : loopback(mailbox),
    from: mailFrom,
    mailbox,
    close: async () => mailbox?.close(),
  };
}

function loopback({ port }: Mailbox) {
  return { host: '127.0.0.1', port, secure: false, requireTls: false, login: null };
}
