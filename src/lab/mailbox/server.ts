import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/**
 * How a mail server may behave towards one mail. `take`; `refuse` its recipient for good; refuse it `later`, for now;
 * `drop_before` or `drop_after` it has kept the mail, without having said so; or keep it, say so, and `hang_up`.
 */
export type Behaviour = 'take' | 'refuse' | 'later' | 'drop_before' | 'drop_after' | 'hang_up';

export interface SmtpOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** Keeps a mail; it is acknowledged only once this has resolved. */
  keep(mail: { readonly to: readonly string[]; readonly raw: Buffer }): Promise<void>;
  /** Asked for each mail once its recipient is known; `take` unless told otherwise. */
  behave?(to: string): Promise<Behaviour>;
  /** Asked for each connection and each mail: whether the server is there at all. */
  isAway?(): boolean;
}

export interface SmtpHouse {
  readonly port: number;
  /** Cuts off everybody who is connected. */
  hangUp(): void;
  close(): Promise<void>;
}

const BYTES_MAX = 2 ** 20;
const CLIENTS_MAX = 100;
const LOOPBACK = '127.0.0.1';

/** A real SMTP server, on loopback only: takes mail for anybody, and can be told to behave as badly as real ones do. */
export async function openSmtp({ port, keep, behave, isAway }: SmtpOptions): Promise<SmtpHouse> {
  const sockets = new Map<number, Socket>();
  const behaviours = new WeakMap<SMTPServerSession, Behaviour>();
  const hangUp = ({ remotePort }: SMTPServerSession): unknown => sockets.get(remotePort)?.destroy();
  const hangUpAll = (): void => {
    for (const socket of sockets.values()) socket.destroy();
  };

  async function decide(session: SMTPServerSession, to: string): Promise<void> {
    const behaviour = (await behave?.(to)) ?? 'take';
    // It may have gone, by the word of another house, since this one called.
    if (isAway?.() === true) return void hangUp(session);
    if (behaviour === 'refuse') throw reply(550, 'no such mailbox here');
    if (behaviour === 'later') throw reply(451, 'not now, try again later');
    behaviours.set(session, behaviour);
  }

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
    if (stream.sizeExceeded) throw reply(552, 'too large');
    const behaviour = behaviours.get(session) ?? 'take';
    if (behaviour === 'drop_before') return void hangUp(session);
    await keep({ to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks) });
    if (behaviour === 'drop_after') hangUp(session);
  }

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    maxClients: CLIENTS_MAX,
    size: BYTES_MAX,
    closeTimeout: 1,
    maxAllowedUnauthenticatedCommands: false,
    logger: false,
    onRcptTo: ({ address }, session, done) => answer(decide(session, address), done),
    onData(stream, session, done) {
      answer(receive(stream, session), (error) => {
        done(error);
        if (behaviours.get(session) === 'hang_up') setImmediate(() => hangUp(session));
      });
    },
  });
  // A client that goes away in mid-sentence is its own business.
  server.on('error', () => undefined);
  server.server.prependListener('connection', (socket: Socket) => {
    if (isAway?.() === true) return void socket.destroy();
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    hangUp: hangUpAll,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUpAll();
      }),
  };
}

function answer(work: Promise<void>, done: (error?: Error | null) => void): void {
  work.then(
    () => done(),
    (error: unknown) => done(error instanceof Error ? error : new Error('not done')),
  );
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
