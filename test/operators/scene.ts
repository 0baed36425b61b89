import { onTestFinished } from 'vitest';
import { createIds } from '../../src/ids.js';
import { newSecret, signatureOf } from '../../src/notify/signature.js';
import { createDeviceKeys } from '../../src/operators/device_keys.js';
import { createOperators } from '../../src/operators/service.js';
import {
  createSignedRequests,
  type SignedMessage,
  type SignedRequestPorts,
} from '../../src/operators/signed_requests.js';
import { createVault } from '../../src/vault/index.js';
import { virtualClock } from '../clock.js';
import { sampleMerchant } from '../contract/samples.js';
import { emptyStore } from '../support/empty_store.js';
import { silentLog } from '../support/silent_log.js';

export const DAY_MS = 86_400_000;
/** Seconds that the clock of a sender may be from ours. */
export const EDGE = 300;
export const BODY = '{"operator":"op","device":{"id":"Zoé"},"payment":"pay_1"}';
export const UNSIGNED = { refused: 'unsigned' };

const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => index) };

export interface Signing {
  readonly secrets?: readonly string[];
  readonly id?: string;
  /** Seconds from now. */
  readonly late?: number;
  readonly payload?: string;
}

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** An operator, the vault and the store, and messages as it should send them. */
export async function openScene() {
  const clock = virtualClock(Date.UTC(2030, 0, 1));
  const store = await emptyStore();
  onTestFinished(() => store.close());
  const ids = createIds({ clock });
  const vault = createVault({ records: store.vault, keys: [KEY], clock, ids, log: silentLog() });
  await store.merchants.commit(sampleMerchant({ id: 'mer_shop' }));
  let messages = 0;

  function openHouse(change: Partial<SignedRequestPorts> = {}) {
    let compared = 0;
    const counting: typeof signatureOf = (...given) => {
      compared += 1;
      return signatureOf(...given);
    };
    const shared = { store, vault, clock, ids, newSecret: () => newSecret(ids) };
    const ports = { ...shared, signatureOf: counting, lab: true, ...change };
    return {
      operators: createOperators(shared),
      keys: createDeviceKeys(shared),
      check: createSignedRequests(ports).check,
      compared: () => compared,
    };
  }
  const house = openHouse();
  const ours = await house.operators.create({ name: 'Télé', merchants: ['mer_shop'] });

  /** A message as it should be, signed with our test secret unless others are given. */
  function message(change: Partial<SignedMessage> = {}, signing: Signing = {}): SignedMessage {
    messages += 1;
    const { secrets = [ours.secrets.test], id = `msg_${messages}`, late = 0, payload = BODY } = signing;
    const timestamp = String(Math.floor(clock.now() / 1_000) + late);
    const signatures = secrets.map((secret) => `v1,${signatureOf(secret, { id, timestamp, payload })}`);
    return {
      headers: { id: [id], timestamp: [timestamp], signature: [signatures.join(' ')] },
      payload: Buffer.from(payload),
      operator: ours.operator.id,
      deviceKey: undefined,
      isFromThisMachine: false,
      ...change,
    };
  }

  return { clock, store, house, openHouse, ours, message, strangeSecret: () => newSecret(ids) };
}

export const withHeaders = (good: SignedMessage, change: Partial<SignedMessage['headers']>): SignedMessage => ({
  ...good,
  headers: { ...good.headers, ...change },
});
export const signatureIn = ({ headers }: SignedMessage): string => headers.signature[0] ?? '';

/** Every text that differs from this one in one bit. */
export function bitFlips(text: string): string[] {
  const bytes = Buffer.from(text, 'latin1');
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return flipped.toString('latin1');
  });
}
