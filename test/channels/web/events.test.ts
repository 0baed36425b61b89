import { get, type IncomingMessage } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import {
  createBrowser,
  type FakeCounter,
  fakeCounter,
  type Server,
  servePage,
  TOKEN,
  VISIT,
  WAIT,
} from './page_server.js';

let server: Server | undefined;
afterEach(() => server?.close());

const PAGE = `/pay/${TOKEN}`;

async function serve(
  change: Partial<FakeCounter>,
  closing = new AbortController().signal,
): Promise<{ counter: FakeCounter; url: string }> {
  const counter = Object.assign(fakeCounter(), { shows: { ...VISIT, ...WAIT } }, change);
  server = await servePage(counter, { closing });
  return { counter, url: server.url };
}

it('tells a page that waits of the change it waits for, and ends', async () => {
  const watched: unknown[] = [];
  const { counter, url } = await serve({
    async watch(...given) {
      watched.push(given);
      if (watched.length === 2) counter.shows = { ...VISIT, version: 4 };
    },
  });
  const page = await createBrowser(url).ask(PAGE);
  const address = /data-events="([^"]*)"/.exec(page.body)?.[1];
  expect(address).toBe(`${PAGE}/events?version=3`);
  const stream = await fetch(url + address);
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.headers.get('cache-control')).toBe('no-store');
  expect(await stream.text()).toBe('retry: 2000\n\n: still the same\n\nevent: changed\ndata: {}\n\n');
  expect(watched).toEqual([
    [TOKEN, 3, 15_000],
    [TOKEN, 3, 15_000],
  ]);
});

it('ends by itself after twenty heartbeats', async () => {
  const { url } = await serve({});
  const text = await (await fetch(`${url}${PAGE}/events?version=3`)).text();
  expect(text.match(/still the same/g)).toHaveLength(20);
});

it('tells an unknown token nothing but that it should look', async () => {
  const { url } = await serve({});
  expect(await (await fetch(`${url}/pay/another-token/events?version=3`)).text()).toContain('event: changed');
});

it('ends at once when the process is asked to stop', async () => {
  const stop = new AbortController();
  const { url } = await serve({ watch: () => new Promise(() => undefined) }, stop.signal);
  const stream = await fetch(`${url}${PAGE}/events?version=3`);
  stop.abort();
  expect(await stream.text()).toBe('retry: 2000\n\n');
});

const never = { watch: () => new Promise<void>(() => undefined) };

it('gives one link eight streams, and the ninth asks every ten seconds instead', async () => {
  const { url } = await serve(never);
  const open = (token: string): Promise<Response> => fetch(`${url}/pay/${token}/events?version=3`);
  for (let count = 0; count < 8; count++) expect((await open(TOKEN)).status).toBe(200);
  expect((await open(TOKEN)).status).toBe(204);
  expect((await open('another-token')).status).toBe(200);
});

it('gives one address twenty streams, and others theirs', async () => {
  const { url } = await serve(never);
  const open = (link: number, localAddress: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const take = ({ statusCode }: IncomingMessage): void => resolve(statusCode);
      get(`${url}/pay/token-number-${link}/events`, { localAddress, agent: false }, take).on('error', reject);
    });
  const statuses: unknown[] = [];
  for (let link = 0; link < 22; link++) statuses.push(await open(link, '127.0.0.1'));
  expect(statuses).toEqual([...Array(20).fill(200), 204, 204]);
  expect(await open(0, '127.0.0.2')).toBe(200);
});

it('gives back what has ended', async () => {
  const { url } = await serve({});
  for (let count = 0; count < 30; count++) {
    const stream = await fetch(`${url}${PAGE}/events?version=3`);
    expect(stream.status).toBe(200);
    await stream.text();
  }
});

it('stops when the browser has gone', async () => {
  let wake = (): void => undefined;
  let watches = 0;
  const { url } = await serve({
    watch() {
      watches += 1;
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
  });
  const gone = new AbortController();
  const stream = await fetch(`${url}${PAGE}/events?version=3`, { signal: gone.signal });
  await stream.body?.getReader().read();
  gone.abort();
  // The server learns of it when its end of the connection closes.
  await new Promise((resolve) => setImmediate(resolve));
  await fetch(`${url}${PAGE}`);
  wake();
  await fetch(`${url}${PAGE}`);
  expect(watches).toBe(1);
});

it('only a page that waits moves by itself, without scripts every ten seconds', async () => {
  const { counter, url } = await serve({});
  const browser = createBrowser(url);
  expect((await browser.ask(PAGE)).body).toContain('<noscript><meta http-equiv="refresh" content="10"></noscript>');
  counter.shows = VISIT;
  const form = await browser.ask(PAGE);
  // A form is not taken away from under its payer's fingers; the script listens whether somebody else pays.
  expect(form.body).not.toContain('http-equiv="refresh"');
  expect(form.body).toMatch(/data-events="[^"]*version=3" data-listens/);
});
