import { onTestFinished } from 'vitest';
import { flows } from '../../flows/index.js';
import { systemClock } from '../../src/clock.js';
import type { Clock } from '../../src/contracts/clock.js';
import type { Engine } from '../../src/contracts/engine.js';
import type { Log } from '../../src/contracts/log.js';
import type { Store } from '../../src/contracts/store.js';
import type { TvDesk } from '../../src/contracts/television.js';
import { createEngine } from '../../src/engine/index.js';
import { type Api, createApi } from '../../src/http/api.js';
import { documentationRouter } from '../../src/http/docs/index.js';
import { operationsRouter } from '../../src/http/operations.js';
import { createOperatorApi } from '../../src/http/operator_api.js';
import type { ApiPorts } from '../../src/http/ports.js';
import type { Described } from '../../src/http/route.js';
import { createServer } from '../../src/http/server.js';
import { createSignedReader } from '../../src/http/signed.js';
import { createTelevisionApi } from '../../src/http/television_api.js';
import { createIds } from '../../src/ids.js';
import { createMerchants, type MerchantService, type NewMerchant } from '../../src/merchants/service.js';
import { eventBody } from '../../src/notify/event_body.js';
import { presentDelivery, presentEndpoint } from '../../src/notify/present.js';
import { newSecret, signatureOf } from '../../src/notify/signature.js';
import { createWebhooks } from '../../src/notify/webhooks.js';
import { createDeviceKeys } from '../../src/operators/device_keys.js';
import { createOperators, type OperatorService } from '../../src/operators/service.js';
import { createSignedRequests } from '../../src/operators/signed_requests.js';
import { createCardKeeper } from '../../src/payers/card_keeper.js';
import { createPayers, type PayerService } from '../../src/payers/service.js';
import { createPresenter } from '../../src/presentation/payment.js';
import { presentTimeline } from '../../src/presentation/timeline.js';
import { createSigning } from '../../src/signing.js';
import { createVault } from '../../src/vault/index.js';
import { emptyStore } from '../support/empty_store.js';
import { testAcquirer } from './acquirer.js';
import { type Answer, type Call, callOver, holdToContract } from './answers.js';
import { DOCUMENTED } from './docs/documented.js';

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export * from './answers.js';

/** Real time that can be moved on. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
}

export function movableClock(): MovableClock {
  const real = systemClock();
  let ahead = 0;
  return {
    now: () => real.now() + ahead,
    at: (at, action) => real.at(at - ahead, action),
    advance(ms) {
      ahead += ms;
    },
  };
}

export interface World {
  readonly url: string;
  readonly api: Api;
  /** Every call there is: those of merchants and those of television operators. */
  readonly routes: readonly Described[];
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: MovableClock;
  readonly merchants: MerchantService;
  readonly operators: OperatorService;
  readonly payers: PayerService;
  readonly vault: ReturnType<typeof createVault>;
  /** The merchant whose test key calls use when they name no other. */
  readonly shop: NewMerchant;
  /** What the log was told at `error`. */
  readonly errors: { readonly message: string; readonly fields: unknown }[];
  /** Links of sessions that were mailed. */
  readonly links: { readonly to: string | null; readonly session: string }[];
  /** When set, authorizations wait for it. */
  gate: Promise<void> | null;
  call(method: string, path: string, call?: Call): Promise<Answer>;
}

/** A number that wants no texts. */
export const OPTED_OUT = '+33600000000';

const PUBLIC_URL = 'http://127.0.0.1:3000';
const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => (index * 7 + 3) % 256) };

/** A counter window on television at which nobody stands: test/channels/tv has one. */
const NO_TELEVISIONS: TvDesk = {
  open: async () => ({ refused: 'unknown' }),
  look: async () => null,
  press: async () => null,
};

/** The house as main.ts builds it, on a store in memory and an acquirer in the process, behind real HTTP. */
export async function startWorld(change: Partial<ApiPorts> = {}): Promise<World> {
  const clock = movableClock();
  const ids = createIds({ clock });
  const store = await emptyStore();
  const errors: World['errors'] = [];
  const links: World['links'] = [];
  const log: Log = { ...silent, error: (message, fields) => void errors.push({ message, fields }) };
  const signing = createSigning({ keys: [KEY], ids });
  const vault = createVault({ records: store.vault, keys: [KEY], clock, ids, log });
  const world = { gate: null as Promise<void> | null };
  const presenter = createPresenter({
    publicUrl: PUBLIC_URL,
    payLink: ({ id, generation }) =>
      generation === null ? null : `${PUBLIC_URL}/pay/${signing.pageToken(id, generation)}`,
    telephone: () => null,
    clock,
  });
  const acquirer = testAcquirer(() => world.gate);
  const acquirerFor: ApiPorts['acquirerFor'] = ({ mode }) => (mode === 'test' ? acquirer.name : null);
  const webhooks = createWebhooks({ store, vault, clock, ids, log, allowLoopback: () => true, concurrency: 2 });
  const engine = createEngine({
    store,
    vault,
    acquirers: [acquirer],
    authenticator: {
      name: 'none',
      deadlineMs: 1_000,
      authenticate: async () => ({ answer: 'unavailable', reason: 'none' }),
      inquire: async () => ({ answer: 'unavailable', reason: 'none' }),
      readResult: () => null,
    },
    cards: { store: async () => 'kept' },
    flows,
    route: acquirerFor,
    presenter,
    clock,
    ids,
    log,
    resultUrl: (payment) => `${PUBLIC_URL}/3ds/${payment}`,
    returnUrl: (_, authentication) => `${PUBLIC_URL}/3ds/${authentication}`,
    drawCode: async () => '4821093756',
    committed: () => undefined,
  });
  const merchants = createMerchants({ store: store.merchants, vault, clock, ids, lab: true });
  const codes = { hash: signing.hashPurchaseCode, check: signing.checkPurchaseCode };
  const payers = createPayers({
    store,
    cards: createCardKeeper(store.vault),
    codes,
    clock,
    ids,
    log,
    tell: async () => undefined,
  });
  const openers = { vault, clock, ids, newSecret: () => newSecret(ids), signatureOf, lab: true };
  const operators = createOperators({ store, ...openers });
  const deviceKeys = createDeviceKeys({ store, ...openers });
  const readSigned = createSignedReader(createSignedRequests({ store, ...openers }));
  const ports: ApiPorts = {
    store,
    engine,
    presenter,
    timeline: presentTimeline,
    payers,
    mails: { accountLink: async (payer, session) => void links.push({ to: payer.email, session: session.id }) },
    accountLink: (payer, session) => `${PUBLIC_URL}/account/${signing.accountToken(payer.id, session.id)}`,
    pseudonymOf: signing.pseudonymOf,
    reachChannels: ['email', 'sms', 'ivr'],
    consents: { optedOutAt: async (number) => (number === OPTED_OUT ? clock.now() : null) },
    endpoints: webhooks.endpoints,
    presentEndpoint,
    presentDelivery,
    eventBody,
    authenticate: merchants.authenticate,
    fingerprint: signing.requestFingerprint,
    isFingerprint: signing.isRequestFingerprint,
    acquirerFor,
    clock,
    ids,
    log,
    publicUrl: PUBLIC_URL,
    instruments: ['card'],
    channels: ['web'],
    attemptsMax: 5,
    reachesPerHour: { live: 600, test: 60 },
    trustedProxies: 0,
    ...change,
  };
  const api = createApi(ports);
  const operatorApi = createOperatorApi(ports, deviceKeys, readSigned);
  const televisionApi = createTelevisionApi(ports, NO_TELEVISIONS, readSigned, new AbortController().signal);
  const routes = [...api.routes, ...operatorApi.routes, ...televisionApi.routes];
  const documentation = documentationRouter({ ...DOCUMENTED, routes, publicUrl: PUBLIC_URL });
  const operations = operationsRouter({
    ping: () => store.ping(),
    acquirers: async () => [{ name: acquirer.name, ok: true }],
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'guichet_up 1\n' }),
  });
  const server = createServer({
    api,
    hot: [api.hot, televisionApi.hot],
    routers: [operatorApi.router, televisionApi.router, operations, documentation],
    publicUrl: PUBLIC_URL,
    log,
    ids,
    clock,
    trustedProxies: 0,
  });
  const port = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const shop = await merchants.create({
    displayName: 'Shop',
    currencies: ['EUR', 'JPY'],
    returnOrigins: ['https://shop.example', 'myshop:'],
    channels: ['web', 'ivr'],
  });
  const call = async (method: string, path: string, given: Call = {}): Promise<Answer> => {
    const answer = await callOver(url, method, path, { key: shop.keys.test, ...given });
    holdToContract(routes, method, path, answer);
    return answer;
  };
  onTestFinished(async () => {
    await server.close(1_000);
    await webhooks.close();
    await store.close();
  });
  return Object.assign(world, {
    url,
    api,
    routes,
    engine,
    store,
    clock,
    merchants,
    operators,
    payers,
    vault,
    shop,
    errors,
    links,
    call,
  });
}

export const PAYMENT = { amount: 4250, currency: 'EUR', reference: 'ORDER-1' };
