import type { TvDesk } from '../../src/contracts/television.js';
import { signedHeaders } from '../../src/notify/signature.js';
import { type Answer, startWorld, type World } from './world.js';

/** Who signs a request, and with what. */
export interface Signer {
  readonly operator: string;
  readonly secret: string;
}

let messages = 0;

/** A message id that no request has had. */
export function nextMessage(): string {
  messages += 1;
  return `msg_${messages}`;
}

export interface SignedCall {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds from now; the message is signed then. */
  readonly late?: number;
  readonly message?: string;
}

/** Asks as an operator's middleware asks: the body is signed, or the path where there is none. */
export function askSigned(
  { call, clock }: Pick<World, 'call' | 'clock'>,
  { operator, secret }: Signer,
  method: string,
  path: string,
  { body, headers, late = 0, message = nextMessage() }: SignedCall = {},
): Promise<Answer> {
  const address = body === undefined ? `${path}?operator=${operator}` : path;
  const raw = body === undefined ? undefined : JSON.stringify({ operator, ...body });
  const signed = signedHeaders(message, clock.now() + late * 1_000, raw ?? address, [secret]);
  return call(method, address, { key: null, ...(raw !== undefined && { raw }), headers: { ...signed, ...headers } });
}

/** An operator that serves the world's shop, with a signer for each of its modes. */
export async function makeOperator({ operators, shop }: World, name = 'Télé Test') {
  const { operator, secrets } = await operators.create({ name, merchants: [shop.merchant.id] });
  const signer = (secret: string): Signer => ({ operator: operator.id, secret });
  return { operator, test: signer(secrets.test), live: signer(secrets.live) };
}

/** A household, and its contacts. */
export const PATH = '/tv/payers/home-7';
export const CONTACTS = {
  account: 'home-7',
  email: 'ada@example.org',
  phone: '+33612345678',
  name: 'Ada',
  language: 'fr',
};

/** A world with an operator in it. */
export async function openedForOperator(televisions?: TvDesk) {
  const world = await startWorld({}, televisions);
  const made = await makeOperator(world);
  const ask = (method: string, path: string, body?: Readonly<Record<string, unknown>>, by: Signer = made.test) =>
    askSigned(world, by, method, path, body === undefined ? {} : { body });
  return { world, ask, ...made };
}

export const householdOf = ({ store }: World, owner: string, mode: 'test' | 'live' = 'test') =>
  store.payers.byAccount(owner, mode, 'home-7');
