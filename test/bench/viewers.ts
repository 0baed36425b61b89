import { Webhook } from 'standardwebhooks';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../../src/operators/demo.js';
import { type Client, createClient } from './client.js';

/** Televisions in living rooms: as lean as they can be, because they share two cores with what they wait for. */

/** How a television waits: held until its screen is another one, or looking every few seconds. */
export type Way = 'held' | 'looking';

export const WAIT_SECONDS = 25;

/** One answer to a television. */
export interface Look {
  readonly begun: number;
  readonly ms: number;
  /** Whether it brought another screen. */
  readonly isNews: boolean;
}

export interface Viewer {
  /** Of the payment that it shows. */
  readonly payment: string;
  /** The path of the payment's page. */
  readonly page: string;
  /** When its screen said first that it is paid, milliseconds since the epoch; null until then. */
  readonly toldAt: number | null;
  /** Asks for the screen once. @throws Error for what is not an answer */
  look(way: Way): Promise<Look>;
  /** Seconds until the next look of a television that is not held. */
  readonly pollSeconds: number;
  close(): void;
}

export interface Bought {
  readonly payment: string;
  readonly page: string;
}

/**
 * The `index`th television, opened for its payment through the operator's middleware, for the household of the demo. It has a
 * connection of its own, as behind no proxy.
 */
export async function openViewer(
  middleware: Client,
  port: number,
  index: number,
  { payment, page }: Bought,
): Promise<Viewer> {
  const opening = { operator: DEMO_OPERATOR.id, device: { id: `bench-${index}` }, payment, account: 'demo' };
  const opened = await sign(middleware, JSON.stringify(opening));
  const session = found(/"session":"([^"]+)"/, opened);
  const client = createClient(port, 1, index);
  let version = versionOf(opened);
  let pollSeconds = pollSecondsOf(opened);
  let toldAt: number | null = null;
  return {
    payment,
    page,
    get toldAt() {
      return toldAt;
    },
    get pollSeconds() {
      return pollSeconds;
    },
    async look(way) {
      const wait = way === 'held' ? `&wait=${WAIT_SECONDS}` : '';
      const begun = performance.now();
      const path = `/tv/sessions/${session}?version=${version}${wait}`;
      const { status, body } = await client.send({ method: 'GET', path });
      const ms = performance.now() - begun;
      if (status !== 200) throw new Error(`${status} to a look`);
      const shown = versionOf(body);
      const isNews = shown !== version;
      version = shown;
      pollSeconds = pollSecondsOf(body);
      if (isNews && toldAt === null && body.includes('"status":"succeeded"')) toldAt = Date.now();
      return { begun, ms, isNews };
    },
    close: () => client.close(),
  };
}

let messages = 0;

/** As an operator's middleware signs: with a library of the scheme. */
async function sign(middleware: Client, body: string): Promise<string> {
  messages += 1;
  const [id, at] = [`bench-${process.pid}-${messages}`, new Date()];
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(DEMO_OPERATOR_SECRET).sign(id, at, body),
  };
  const answer = await middleware.send({ method: 'POST', path: '/tv/sessions', headers, body });
  if (answer.status !== 201) throw new Error(`not opened: ${answer.status} ${answer.body}`);
  return answer.body;
}

const versionOf = (body: string): string => found(/"version":(\d+)/, body);
const pollSecondsOf = (body: string): number => Number(found(/"poll_interval":(\d+)/, body));

function found(pattern: RegExp, body: string): string {
  const part = pattern.exec(body)?.[1];
  if (part === undefined) throw new Error(`no ${pattern.source} in ${body}`);
  return part;
}
