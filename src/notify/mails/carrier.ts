import { createTransport, type NodemailerError } from 'nodemailer';
import type { Clock } from '../../contracts/clock.js';
import { domainOf } from './addresses.js';
import type { Message } from './message.js';

/** Where mail is handed over, as the setting names it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise as soon as the server offers it. */
  readonly secure: boolean;
  /** Nothing is sent before the connection is private. */
  readonly requireTls: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
}

/**
 * What became of one try. `refused`: this address or this mail, for good. `later`: this mail, for now. `no_server`: nothing
 * to do with this mail. Only `taken` is certain: what is `later` may have been taken all the same.
 */
export type Posted =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'refused' | 'later' | 'no_server'; readonly reason: string };

export interface Carrier {
  /** Hands one message over, or gives up at `deadline`. Never throws. */
  post(message: Message, deadline: number): Promise<Posted>;
  /** Ends what is under way, and closes the connections. */
  close(): void;
}

export interface CarrierOptions {
  readonly server: SmtpServer;
  /** The address that mail comes from, and the name beside it. */
  readonly from: { readonly address: string; readonly name: string };
  readonly clock: Clock;
  /** At once. */
  readonly connections: number;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;
const IDLE_MS = 30_000;

/** Speaks SMTP over a few connections that are kept for a while. It repeats nothing: pauses and tries are the sender's. */
export function createCarrier({ server, from, clock, connections }: CarrierOptions): Carrier {
  const { host, port, secure, requireTls, login } = server;
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure,
    requireTLS: requireTls,
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    maxConnections: connections,
    maxRequeues: 0,
    idleTimeout: IDLE_MS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // A connection that breaks while nothing is sent concerns nobody: the next mail opens another.
  transport.on('error', () => undefined);

  return {
    async post(message, deadline) {
      const giveUp = new AbortController();
      const disarm = clock.at(deadline, () => giveUp.abort());
      try {
        await transport.sendMail({ ...partsOf(message, from), signal: giveUp.signal });
        return { outcome: 'taken' };
      } catch (error) {
        return failureOf(error as NodemailerError);
      } finally {
        disarm();
      }
    },
    close: () => transport.close({ force: true }),
  };
}

function partsOf(message: Message, from: CarrierOptions['from']) {
  const { messageId, at, to, replyTo, subject, text, html, payment } = message;
  return {
    // As objects, never as text that would be parsed: one address is one recipient.
    from,
    to: { name: '', address: to },
    ...(replyTo === null ? {} : { replyTo: { name: '', address: replyTo } }),
    envelope: { from: from.address, to: [to] },
    messageId: `<${messageId}@${domainOf(from.address)}>`,
    date: new Date(at),
    subject,
    text,
    html,
    textEncoding: 'quoted-printable' as const,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(payment === null ? {} : { 'X-Guichet-Payment': payment }),
    },
  };
}

/** Reads off an error whom it concerns. Its text stays here: it quotes addresses. */
function failureOf({ code, responseCode, command }: NodemailerError): Posted {
  const reason = responseCode ? `smtp_${responseCode}` : String(code ?? 'unknown').toLowerCase();
  if (code === 'EABORT') return { outcome: 'later', reason: 'too_slow' };
  // Said before anything was sent: the address or the mail cannot be put into SMTP.
  if (command === 'API' && (code === 'EENVELOPE' || code === 'EMESSAGE')) return { outcome: 'refused', reason };
  const concernsMail = command === 'RCPT TO' || command === 'DATA';
  if (!concernsMail || !responseCode || responseCode === 421) return { outcome: 'no_server', reason };
  return { outcome: responseCode >= 500 ? 'refused' : 'later', reason };
}
