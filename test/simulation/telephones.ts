import type { CallDesk, CallReport, KeyedCards } from '../../src/contracts/calls.js';
import type { Engine } from '../../src/contracts/engine.js';
import type { Ids } from '../../src/contracts/ids.js';
import type { Payment } from '../../src/contracts/payment.js';
import type { Reaching } from '../../src/contracts/reaching.js';
import type { Store } from '../../src/contracts/store.js';
import type { TextCounter } from '../../src/contracts/text.js';
import type { NewCard } from '../../src/contracts/vault.js';
import { createCallDesk } from '../../src/counter/calls.js';
import { createKeyedCards } from '../../src/counter/keyed_cards.js';
import { createTextCharge } from '../../src/counter/text_charge.js';
import { createTextCounter } from '../../src/counter/text_replies.js';
import { totalsOf } from '../../src/engine/ledger.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { isTelephoneOrder, isTextEnough } from '../../src/engine/proof.js';
import { createLocalJobs } from '../../src/jobs/local.js';
import { createCallReports, createReaching } from '../../src/notify/reaching.js';
import { createConsents } from '../../src/notify/texts/consents.js';
import { createTexts, type Texts } from '../../src/notify/texts/index.js';
import { bindingOf } from '../../src/notify/texts/offer.js';
import { deviceOf } from '../../src/notify/texts/record.js';
import { createSigning } from '../../src/signing.js';
import { faceOf } from './face.js';
import type { Home } from './home.js';
import type { Household } from './household.js';
import { type Boundary, guardedBy, type Life, SILENT as log } from './process.js';
import type { ModelProvider } from './provider.js';
import type { Random } from './random.js';
import type { Time } from './time.js';

/** Everything for payers who text and call, as one process of the house has it: the real thing, behind its boundaries. */
export interface Telephones {
  readonly reaching: Reaching;
  readonly texts: Texts;
  readonly counter: TextCounter;
  readonly desk: CallDesk;
  readonly keyedCards: KeyedCards;
  /** What stands for a call where its attempts name a device. */
  deviceOf(call: string): string;
  reported(payment: string, reach: string, report: CallReport): Promise<void>;
  /** From now on it sends what is due. */
  start(): void;
}

/** What all processes of a seed share. */
export interface Lines {
  readonly household: Household;
  readonly provider: ModelProvider;
  /** Cards keyed on a telephone, as they lie in the vault: by token. */
  readonly keyed: Map<string, string>;
  readonly home: Home;
  /** Digits keyed one by one on televisions, in the vault: by token. */
  readonly digits: Map<string, string>;
}

export interface TelephonePorts {
  readonly lines: Lines;
  readonly store: Store;
  readonly life: Life;
  readonly boundary: Boundary;
  readonly time: Time;
  readonly random: Random;
  readonly ids: Ids;
  /** Cards whose security code lives in memory alone. */
  readonly needsCode: Set<string>;
  engine(): Engine;
}

const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => (index * 5 + 1) % 256) };
const NO_SALTS = { token: (): string => 'salt' };
export const signing = createSigning({ keys: [KEY], ids: NO_SALTS });
const LOOK_ANYWAY_MS = 20_000;

/** The least that a text or a screen needs: its key and what stands in it. */
export const say = (_language: string, key: string, parameters: Readonly<Record<string, string>> = {}): string =>
  `${key} ${JSON.stringify(parameters)}`;

export function openTelephones(ports: TelephonePorts): Telephones {
  const { lines, boundary, time: clock, random, ids } = ports;
  const { household } = lines;
  const store = storeFor(ports);
  const guarded = guardedBy(boundary);
  const telephone = {
    sendText: guarded(lines.provider.telephone.sendText),
    placeCall: guarded(lines.provider.telephone.placeCall),
    textsTo: guarded(lines.provider.telephone.textsTo),
    callsTo: guarded(lines.provider.telephone.callsTo),
  };
  const engine = heartOf(ports.engine);
  const payers = {
    find: ({ owner, mode, account }: { owner: string; mode: 'test' | 'live'; account: string }) =>
      store.payers.byAccount(owner, mode, account),
    checkPurchaseCode: guarded(async () => ({ answer: random.pick(['verified', 'verified', 'refused']) })),
  };
  const { numberNames, textCodes: codes } = signing;
  const consents = createConsents({ store, clock, numberNames });
  const payLink = ({ id, generation }: Payment): string | null => (generation === null ? null : `/pay/${id}`);
  const shared = { store, clock, consents, codes, numberNames, openPromptOf, isTextEnough, deviceOf, engine, payers };
  const texts: Texts = createTexts({
    ...{ ...shared, telephone, ids, log, say, payLink, isOneWay: false, concurrency: 4 },
    ...{ pseudonym: signing.pseudonymOf, reachesPerHour: { live: 1_000, test: 1_000 } },
    sums: totalsOf,
    statusUrl: (text) => text,
    charge: createTextCharge(shared),
    due: (at) => jobs.wake(at),
  });
  const jobs = createLocalJobs(clock, log, { name: 'texts', run: () => texts.sweep() }, () => LOOK_ANYWAY_MS);
  const callPorts = {
    ...{ engine, store, signing, payers, clock, log, isTelephoneOrder, openPromptOf, texts: texts.desk },
    vault: vaultFor(ports),
    cards: { checkCard: ({ number }: { number: string }) => ({ card: cardOf(number) }), checkSecurityCode: () => null },
    readPaymentCode: () => null,
    ...{ operator: 'Simulation', sharedNumber: '+33100000000' },
  };
  return {
    texts,
    reaching: createReaching({
      ...{ store, clock, telephone, pseudonym: signing.pseudonymOf, offer: texts.offer },
      callAddresses: ({ id }, reach) => ({ url: `${id} ${reach.id}`, statusUrl: reach.id }),
    }),
    counter: createTextCounter({
      ...{ ...shared, bindingOf, payLink, follow: texts.follow },
      wordsAbout: async ({ reference }) => ({ reference, merchant: household.merchant.id }),
    }),
    desk: createCallDesk(callPorts),
    keyedCards: createKeyedCards(callPorts),
    deviceOf: signing.deviceHash,
    reported: createCallReports(engine).reachReported,
    start: () => jobs.start(),
  };
}

/** The seed's one merchant and one account; everything else is the store's. */
function storeFor({ store, lines: { household }, boundary }: TelephonePorts): Store {
  const { merchant, payer } = household;
  const guarded = guardedBy(boundary);
  return {
    ...store,
    merchants: { ...store.merchants, load: guarded(async (id) => (id === merchant.id ? merchant : null)) },
    payers: {
      ...store.payers,
      byAccount: guarded(async (_owner, _mode, account) => (account === payer.account ? payer : null)),
    },
  };
}

/** An engine that comes to be after those who use it. */
function heartOf(engine: () => Engine) {
  return {
    load: (id: string) => engine().load(id),
    reply: (...given: Parameters<Engine['reply']>) => engine().reply(...given),
    reached: (...given: Parameters<Engine['reached']>) => engine().reached(...given),
    consented: (...given: Parameters<Engine['consented']>) => engine().consented(...given),
    texted: (...given: Parameters<Engine['texted']>) => engine().texted(...given),
    called: (...given: Parameters<Engine['called']>) => engine().called(...given),
    watch: (...given: Parameters<Engine['watch']>) => engine().watch(...given),
  };
}

/** Cards are at rest for all processes; the security code stays with the one that was told it. */
function vaultFor({ lines, life, boundary, needsCode }: TelephonePorts) {
  return {
    async keepCardAs(token: string, { number }: NewCard) {
      await boundary.pass();
      lines.keyed.set(token, number);
      needsCode.add(token);
      life.codes.add(token);
      await boundary.pass();
      return { token, face: faceOf(number) };
    },
    async faceOf(token: string) {
      await boundary.pass();
      const number = lines.keyed.get(token);
      return number === undefined ? null : faceOf(number);
    },
  };
}

const cardOf = (number: string): NewCard => ({
  number,
  expiryMonth: 12,
  expiryYear: 2034,
  securityCode: '123',
  brand: 'visa',
});
