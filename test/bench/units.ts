import type { Client } from './client.js';
import type { Unit } from './load.js';

/** What a merchant's server and a payer do, as units of load. Each ends with a read of the payment's status. */

const KEY = { authorization: 'Bearer sk_test_demo' };
const JSON_HEADERS = { ...KEY, 'content-type': 'application/json' };
const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded' };
/** Pages of one payment before it counts as lost: card, wait, outcome, and a few that came too early. */
const PAGES_MAX = 12;
const LOOK_AGAIN_MS = 1_000;

const order = (reference: string, more: Record<string, unknown>): string =>
  JSON.stringify({ amount: 4_250, currency: 'EUR', reference, ...more });

let runs = 0;
const nextRun = (): number => {
  runs += 1;
  return runs;
};

/** References of this run: unique among its payments. */
function references(): () => string {
  let count = 0;
  // Two runs within a millisecond are one too many.
  const run = `${Date.now().toString(36)}${nextRun()}`;
  return () => {
    count += 1;
    return `BENCH-${run}-${count}`;
  };
}

/** `POST /v1/payments` with a stored instrument, then the status: two calls, one payment taken. */
export function stored(client: Client, { withKey }: { withKey: boolean }): Unit {
  const next = references();
  return async () => {
    const reference = next();
    const headers = withKey ? { ...JSON_HEADERS, 'idempotency-key': reference } : JSON_HEADERS;
    const body = order(reference, { pay_with: 'tok_sandbox_approve' });
    const made = await client.send({ method: 'POST', path: '/v1/payments', headers, body });
    const id = made.status === 201 ? idOf(made.body) : null;
    return id !== null && isPaid(made.body) && isPaid(await read(client, id));
  };
}

/** A payer's whole way, as a browser with scripts goes it: order, page, card form, wait, outcome. */
export function page(client: Client): Unit {
  const next = references();
  return async () => {
    const body = order(next(), {});
    const made = await client.send({ method: 'POST', path: '/v1/payments', headers: JSON_HEADERS, body });
    const id = made.status === 201 ? idOf(made.body) : null;
    const path = /"pay":"https?:\/\/[^/]+(\/pay\/[^"]+)"/.exec(made.body)?.[1];
    if (id === null || path === undefined) return false;
    const cookie = await handInCard(client, path);
    if (cookie === null) return false;
    return (await seesOutcome(client, path, cookie)) && isPaid(await read(client, id));
  };
}

/** Orders, and answers where the payer is sent. */
export async function newPage(client: Client): Promise<string> {
  const path = /"pay":"https?:\/\/[^/]+(\/pay\/[^"]+)"/.exec(await newOrder(client, ['web']))?.[1];
  if (path === undefined) throw new Error('no page to open');
  return path;
}

/** Orders what may be paid on these channels, and answers the payment as it was told. */
export async function newOrder(client: Client, channels: readonly string[]): Promise<string> {
  const body = order(references()(), { channels });
  const made = await client.send({ method: 'POST', path: '/v1/payments', headers: JSON_HEADERS, body });
  if (made.status !== 201) throw new Error(`no order: ${made.status} ${made.body}`);
  return made.body;
}

/** Opens the page and hands its card form in; answers the browser's cookie, or null when the card was not taken. */
export async function handInCard(client: Client, path: string): Promise<string | null> {
  const form = await client.send({ method: 'GET', path });
  const cookie = form.header('set-cookie').split(';', 1)[0] ?? '';
  const action = `${path}/card`;
  const headers = { ...FORM_HEADERS, cookie };
  const taken = await client.send({ method: 'POST', path: action, headers, body: cardFields(form.body, action) });
  return taken.status === 303 ? cookie : null;
}

/** Looks at the page, and again whenever its event stream says that something changed. */
export async function seesOutcome(client: Client, path: string, cookie: string): Promise<boolean> {
  for (let look = 0; look < PAGES_MAX; look++) {
    const shown = await client.send({ method: 'GET', path, headers: { cookie } });
    if (shown.status !== 200) return false;
    const events = /data-events="([^"]+)"/.exec(shown.body)?.[1];
    if (events === undefined) return true;
    const told = await client.send({ method: 'GET', path: events.replaceAll('&amp;', '&'), headers: { cookie } });
    // No stream to be had: a browser then looks by itself, later.
    if (told.status !== 200) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return false;
}

/** The card form filled in: not the first form of the page, which asks for more time. */
export function cardFields(html: string, action: string): string {
  const form = html.slice(html.indexOf(`action="${action}"`));
  const hidden = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(form)?.[1] ?? '';
  return new URLSearchParams({
    prompt: hidden('prompt'),
    nonce: hidden('nonce'),
    number: '4242 4242 4242 4242',
    expiry: '12/34',
    security_code: '123',
  }).toString();
}

async function read(client: Client, id: string): Promise<string> {
  const { status, body } = await client.send({ method: 'GET', path: `/v1/payments/${id}`, headers: KEY });
  return status === 200 ? body : '';
}

const idOf = (body: string): string | null => /"id":"(pay_\w+)"/.exec(body)?.[1] ?? null;
const isPaid = (body: string): boolean => body.includes('"status":"succeeded"');

/** What has happened to a payment, and when, milliseconds since the epoch. */
export async function readEvents(
  client: Client,
  id: string,
): Promise<{ readonly type: string; readonly at: number }[]> {
  const { body } = await client.send({ method: 'GET', path: `/v1/payments/${id}/events`, headers: KEY });
  const { data } = JSON.parse(body) as { data: { type: string; created_at: string }[] };
  return data.map(({ type, created_at: at }) => ({ type, at: Date.parse(at) }));
}
