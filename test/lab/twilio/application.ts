/** A small application of Twilio's, for tests: answers what it is told to, and checks signatures with Twilio's own SDK. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly params: Record<string, string>;
  readonly raw: string;
  readonly headers: IncomingMessage['headers'];
  /** What `validateRequest` of the SDK says of it. */
  readonly isSigned: boolean;
}

/** Text is TwiML; an object says more. `hold` answers never, `cut` breaks the connection. */
export type Answer =
  | string
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'hold'
  | 'cut';

export type Handler = Answer | ((asked: Asked, count: number) => Answer | Promise<Answer>);

export interface Application {
  readonly url: string;
  /** Everything that was asked, in its order. */
  readonly asked: Asked[];
  /** What this path answers from now on. */
  at(path: string, handler: Handler): void;
  /** Requests to a path. */
  to(path: string): Asked[];
  close(): Promise<void>;
}

export async function openApplication(authToken: string): Promise<Application> {
  const handlers = new Map<string, Handler>();
  const asked: Asked[] = [];
  let url = '';

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString('utf8');
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    const params = Object.fromEntries(isForm ? new URLSearchParams(raw) : []);
    const signature = String(request.headers['x-twilio-signature'] ?? '');
    const address = url + request.url;
    const isSigned = twilio.validateRequest(authToken, signature, address, params);
    const one = { method: request.method ?? '', path, query, params, raw, headers: request.headers, isSigned };
    const count = asked.push(one);
    const handler = handlers.get(path) ?? { status: 404, body: '' };
    const told =
      typeof handler === 'function'
        ? await handler(one, asked.slice(0, count).filter((other) => other.path === path).length)
        : handler;
    if (told === 'hold') return;
    if (told === 'cut') return void response.destroy();
    const { status = 200, headers = {}, body = '' } = typeof told === 'string' ? { body: told } : told;
    response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8', ...headers });
    response.end(body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    at: (path, handler) => void handlers.set(path, handler),
    to: (path) => asked.filter((one) => one.path === path),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A document of a call, by the SDK's builder. */
export function voice(build: (response: InstanceType<typeof twilio.twiml.VoiceResponse>) => unknown): string {
  const response = new twilio.twiml.VoiceResponse();
  build(response);
  return response.toString();
}

/** The answer to a text, by the SDK's builder. */
export function messaging(build: (response: InstanceType<typeof twilio.twiml.MessagingResponse>) => unknown): string {
  const response = new twilio.twiml.MessagingResponse();
  build(response);
  return response.toString();
}
