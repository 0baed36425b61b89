import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../contracts/clock.js';
import type { SignatureRefusal, SignedBy } from '../contracts/operator.js';
import type { DeviceKeys, Guards, Operators } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import { isCurrent } from './device_keys.js';
import { type OpenedSecret, openedKeyOf, openedSecretsOf } from './secrets.js';

export interface SignedRequestPorts {
  readonly store: {
    readonly operators: Pick<Operators, 'load'>;
    readonly deviceKeys: DeviceKeys;
    readonly guards: Pick<Guards, 'useOnce'>;
  };
  readonly vault: Pick<Vault, 'seal' | 'unseal'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The signature of Standard Webhooks: base64 of HMAC-SHA-256 over `id.timestamp.payload`. */
  signatureOf(
    secret: string,
    content: { readonly id: string; readonly timestamp: string; readonly payload: string | Uint8Array },
  ): string;
  /** A new `whsec_…`. */
  newSecret(): string;
  /** Whether demo objects exist: what they sign opens nothing elsewhere. */
  readonly lab: boolean;
}

/** A request as it was received, before anything in it is believed. */
export interface SignedMessage {
  /** Each value of each of the three headers, as often as it was sent; none for a header that was not. */
  readonly headers: {
    readonly id: readonly string[];
    readonly timestamp: readonly string[];
    readonly signature: readonly string[];
  };
  /** The body byte for byte; for a request that has none, its path and query as they stand on the request line. */
  readonly payload: string | Uint8Array;
  /** Who is said to have signed. */
  readonly operator: unknown;
  /** The key of a box that signs for itself; undefined for the operator's middleware. */
  readonly deviceKey: unknown;
  /** Whether a program of this machine asks. */
  readonly isFromThisMachine: boolean;
}

export interface SignedRequests {
  /**
   * Who signed a message, which is used up with that: nobody gets another answer for it. Nothing may be done before.
   * @throws StoreFailure when the store could not use the message up: then nothing may be done either
   */
  check(message: SignedMessage): Promise<{ readonly by: SignedBy } | { readonly refused: SignatureRefusal }>;
}

/** How far the clock of a sender may be from ours, either way. */
const TOLERANCE_SECONDS = 300;
/** A message from the end of the tolerance ahead is good for twice as long; and clocks of our own machines differ. */
const REMEMBERED_MS = 3 * TOLERANCE_SECONDS * 1_000;
/** Printable ASCII without the full stop, which parts what is signed. */
const MESSAGE_ID = /^[\x21-\x2d\x2f-\x7e]{1,128}$/;
const TIMESTAMP = /^[1-9]\d{0,11}$/;
/** At most eight with a space between them; what two headers look like that were joined by a comma is none. */
const SIGNATURES = /^v\w{1,8},[\w+/=-]{1,128}(?: v\w{1,8},[\w+/=-]{1,128}){0,7}$/;
const OPERATOR_ID = /^op_[A-Za-z0-9_-]{1,64}$/;
const DEVICE_KEY_ID = /^dvk_[A-Za-z0-9_-]{1,64}$/;
const VERSION = 'v1,';

const UNSIGNED = { refused: 'unsigned' } as const;

/** Requests of television operators and their boxes, signed as Standard Webhooks signs, each message once. */
export function createSignedRequests(ports: SignedRequestPorts): SignedRequests {
  const { store, vault, clock } = ports;
  const nobody = decoy(ports);

  /** The operator, and the box if one is named, as far as they may sign anything. */
  async function signerOf(message: SignedMessage): Promise<Signer | null> {
    const { operator: id, deviceKey: keyId } = message;
    const isBox = keyId !== undefined;
    const [operator, deviceKey] = await Promise.all([
      matches(OPERATOR_ID, id) ? store.operators.load(id) : null,
      matches(DEVICE_KEY_ID, keyId) ? store.deviceKeys.load(keyId) : null,
    ]);
    if (operator === null || operator.status !== 'enabled') return null;
    if (operator.demo && !(ports.lab && message.isFromThisMachine)) return null;
    if (!isBox) return { operator, deviceKey: null };
    if (deviceKey === null || deviceKey.operator !== operator.id) return null;
    return (await isCurrent(store.deviceKeys, deviceKey)) ? { operator, deviceKey } : null;
  }

  /** Whoever is unknown is compared too, with secrets that nobody has: the time an answer takes tells nobody who exists. */
  function secretsOf(signer: Signer | null, now: number): OpenedSecret[] {
    if (signer === null) return nobody();
    const { operator, deviceKey } = signer;
    return deviceKey === null ? openedSecretsOf(vault, operator, now) : [openedKeyOf(vault, deviceKey)];
  }

  return {
    async check(message) {
      const envelope = envelopeOf(message);
      const signer = await signerOf(message);
      const now = clock.now();
      const content = { id: envelope?.id ?? '', timestamp: envelope?.timestamp ?? '', payload: message.payload };
      let mode: OpenedSecret['mode'] | null = null;
      for (const secret of secretsOf(signer, now)) {
        const right = ports.signatureOf(secret.clear, content);
        for (const given of envelope?.signatures ?? []) if (isSame(given, right)) mode = secret.mode;
      }
      if (envelope === null || signer === null || mode === null || !isInTime(envelope.timestamp, now)) return UNSIGNED;
      const by = { ...signer, mode };
      const name = `tv_message:${signer.deviceKey?.id ?? signer.operator.id}:${envelope.id}`;
      return (await store.guards.useOnce(name, now + REMEMBERED_MS, now)) ? { by } : { refused: 'replayed' };
    },
  };
}

type Signer = Pick<SignedBy, 'operator' | 'deviceKey'>;

interface Envelope {
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: readonly string[];
}

/** The headers, each of which must be there once and in its form; null for anything else. */
function envelopeOf({ headers }: SignedMessage): Envelope | null {
  const [id, timestamp, signature] = [only(headers.id), only(headers.timestamp), only(headers.signature)];
  if (!matches(MESSAGE_ID, id) || !matches(TIMESTAMP, timestamp) || !matches(SIGNATURES, signature)) return null;
  // Other versions stand beside ours while senders move to them.
  const ours = signature.split(' ').filter((one) => one.startsWith(VERSION));
  return { id, timestamp, signatures: ours.map((one) => one.slice(VERSION.length)) };
}

function only(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

function matches(pattern: RegExp, value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}

/** As texts, so that base64 which is written in another way is another signature. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given, 'latin1'), Buffer.from(right, 'latin1')];
  return a.length === b.length && timingSafeEqual(a, b);
}

function isInTime(timestamp: string, now: number): boolean {
  return Math.abs(Math.floor(now / 1_000) - Number(timestamp)) <= TOLERANCE_SECONDS;
}

const DECOY = 'operator_secret:nobody';

/** As many secrets as an operator has, sealed as theirs are. */
function decoy({ vault, newSecret }: Pick<SignedRequestPorts, 'vault' | 'newSecret'>): () => OpenedSecret[] {
  const sealed = (['test', 'live'] as const).map((mode) => ({ mode, sealed: vault.seal(DECOY, newSecret()) }));
  return () => sealed.map(({ mode, sealed: one }) => ({ mode, clear: vault.unseal(DECOY, one) }));
}
