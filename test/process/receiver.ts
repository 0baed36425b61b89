/** A merchant's server on loopback that takes webhooks, checks each signature, and remembers every event it was told of. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Receiver {
  readonly url: string;
  /** Bodies by event id. */
  readonly events: ReadonlyMap<string, string>;
  /** How often anything came. */
  received(): number;
  readonly wrong: readonly string[];
  /** The secret that signatures are checked with from now on. */
  trust(secret: string): void;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const events = new Map<string, string>();
  const wrong: string[] = [];
  let count = 0;
  let signed: Webhook | null = null;

  function take(headers: IncomingMessage['headers'], body: string): void {
    count += 1;
    const id = String(headers['webhook-id']);
    try {
      if (signed === null) throw new Error('nobody told it a secret');
      signed.verify(body, headers as Record<string, string>);
    } catch (error) {
      wrong.push(`webhook ${id} is not signed: ${error}`);
      return;
    }
    const { id: inside } = JSON.parse(body) as { id: string };
    if (inside !== id) wrong.push(`webhook ${id} brings the event ${inside}`);
    const before = events.get(id);
    if (before !== undefined && before !== body) wrong.push(`webhook ${id} says two things`);
    events.set(id, body);
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      take(request.headers, Buffer.concat(chunks).toString('utf8'));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    events,
    received: () => count,
    wrong,
    trust(secret) {
      signed = new Webhook(secret);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
