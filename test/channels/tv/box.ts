/** A set-top box over real HTTP: its opening as an operator signs it, its keys, and what it shows. */
import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Screen } from '../../../src/contracts/television.js';

export const DEMO_SECRET = 'whsec_Z3VpY2hldC1kZW1vLXR2LW9wZXJhdG9yLXNlY3JldA==';
const LOOKS_FOR_MS = 20_000;

export interface Television {
  readonly session: string;
  readonly opened: number;
  /** The screen as this box saw it last. */
  screen: Screen;
  pollSeconds: number;
  /** Presses a key on the screen that this box saw last. */
  press(key: string, more?: object): Promise<Screen>;
  enter(value: string): Promise<Screen>;
  look(wait?: number): Promise<Screen>;
  /** Looks until the screen is this one. */
  until(id: string): Promise<Screen>;
}

/** Who signs: the demo's operator unless told otherwise. */
export interface Signer {
  readonly operator?: string;
  readonly secret?: string;
}

export interface Opening extends Signer {
  readonly device?: string;
  readonly account?: string | null;
  readonly language?: string | null;
  readonly body?: object;
}

export interface RawAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The raw answer to an opening. */
export async function askToOpen(
  url: string,
  given: object,
  { operator = 'op_demo', secret = DEMO_SECRET }: Signer = {},
): Promise<RawAnswer> {
  const body = JSON.stringify({ operator, ...given });
  const [id, at] = [`msg_${randomUUID()}`, new Date()];
  const answer = await fetch(`${url}/tv/sessions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** The raw answer to what a box sends. */
export async function postKey(url: string, session: string, body: object): Promise<RawAnswer> {
  const answer = await fetch(`${url}/tv/sessions/${session}/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** A box that shows a payment to the household `demo`, in English unless told otherwise. */
export async function openBox(url: string, payment: string, opening: Opening = {}): Promise<Television> {
  const { device = 'box-1', account = 'demo', language = 'en', body = {}, ...signer } = opening;
  const answer = await askToOpen(url, { device: { id: device }, payment, account, language, ...body }, signer);
  if (answer.status > 201) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  const { session } = answer.body as { session: string };
  const television: Television = {
    session,
    opened: answer.status,
    screen: answer.body['screen'] as Screen,
    pollSeconds: answer.body['poll_interval'] as number,
    press: (key, more = {}) => send({ key, ...more }),
    enter: (value) => send({ value }),
    async look(wait = 0) {
      const { version } = television.screen;
      const address = `${url}/tv/sessions/${session}?wait=${wait}&version=${version}`;
      return took(await (await fetch(address)).json());
    },
    async until(id) {
      const giveUpAt = Date.now() + LOOKS_FOR_MS;
      while (television.screen.id !== id) {
        if (Date.now() > giveUpAt) throw new Error(`it shows ${television.screen.id}, not ${id}`);
        await television.look(2);
      }
      return television.screen;
    },
  };
  async function send(pressed: object): Promise<Screen> {
    const { status, body: given } = await postKey(url, session, { version: television.screen.version, ...pressed });
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(given)}`);
    return took(given);
  }
  function took(given: unknown): Screen {
    const { screen, poll_interval: seconds } = given as { screen: Screen; poll_interval: number };
    television.screen = screen;
    television.pollSeconds = seconds;
    return screen;
  }
  return television;
}
