import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';
import { createSay } from '../channels/catalogue/index.js';
import { createWebChannel } from '../channels/web/index.js';
import { flows } from '../flows/index.js';
import { createRoute, createSandboxAcquirer, createSandboxAuthenticator } from './acquirers/index.js';
import type { Config } from './config.js';
import type { Acquirer } from './contracts/acquirer.js';
import type { Clock } from './contracts/clock.js';
import type { Engine } from './contracts/engine.js';
import { Impossible } from './contracts/errors.js';
import type { Ids } from './contracts/ids.js';
import type { Log } from './contracts/log.js';
import { CHANNELS } from './contracts/payment.js';
import type { FeedEvent, Store } from './contracts/store.js';
import { createCounter } from './counter/index.js';
import { createThreeDSecureResults } from './counter/three_d_secure.js';
import { createEngine } from './engine/index.js';
import { openPromptOf } from './engine/prompts.js';
import { LIMITS as ENGINE_LIMITS } from './engine/world.js';
import { acquirerNotifications } from './http/acquirer_notifications.js';
import { createApi } from './http/api.js';
import { documentationRouter } from './http/docs.js';
import { operationsRouter } from './http/operations.js';
import { createServer } from './http/server.js';
import { createLocalJobs } from './jobs/local.js';
import { developmentKeys } from './key_ring.js';
import { TEST_CARDS, TEST_TOKENS } from './lab/acquirer/cards.js';
import { sharedSandbox } from './lab/acquirer/shared.js';
import { isOnOrigin } from './merchants/origins.js';
import { createMerchants } from './merchants/service.js';
import type { Metrics } from './metrics.js';
import { eventBody } from './notify/event_body.js';
import { EVENT_TYPES } from './notify/event_types.js';
import { presentDelivery, presentEndpoint } from './notify/present.js';
import { createWebhooks } from './notify/webhooks.js';
import { createCardKeeper } from './payers/card_keeper.js';
import { seedDemoPayer } from './payers/demo.js';
import { createPayers } from './payers/service.js';
import { drawPaymentCode, readPaymentCode } from './payment_codes.js';
import { createPresenter } from './presentation/payment.js';
import { presentTimeline } from './presentation/timeline.js';
import { createSigning } from './signing.js';
import { openSqliteStore } from './store/sqlite/index.js';
import { brandsOf, checkCard, checkSecurityCode, createVault } from './vault/index.js';

/** What tests and benches put in the place of the real thing. */
export interface Replacements {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
  /** In the place of the sandbox, under its name. */
  readonly acquirer?: Acquirer;
}

/** A running house. */
export interface Guichet {
  readonly engine: Engine;
  readonly store: Store;
  /** Takes no new request, lets what is under way end, and closes everything. */
  close(): Promise<void>;
}

const VERSION = '0.1.0';
/** Live payments have no acquirer yet; the sandbox never takes one. */
const HOUSEKEEPING_EVERY_MS = 60_000;
const REWRAP_AT_ONCE = 200;
const CODE_DRAWS_MAX = 20;
const DELIVERIES_AT_ONCE = 32;

/**
 * Builds the embedded house from its configuration and starts it: one process, one file. The only place where the rooms
 * are put together; `config.listen.port` must be the port it will have.
 * @throws StoreFailure when the database cannot be used; whatever listening throws
 */
export async function openGuichet(config: Config, parts: Replacements): Promise<Guichet> {
  const { clock, ids, log, metrics } = parts;
  const { publicUrl, lab } = config;
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const store = openSqliteStore({ path: join(config.dataDir, 'guichet.sqlite'), log });
  const keys = developmentOr(config, ids);
  const signing = createSigning({ keys: keys.signing, ids });
  const vault = createVault({ records: store.vault, keys: keys.vault, clock, ids, log });
  const merchants = createMerchants({ store: store.merchants, vault, clock, ids, lab });
  const codes = { hash: signing.hashPurchaseCode, check: signing.checkPurchaseCode };
  const payers = createPayers({ store, cards: createCardKeeper(store.vault), codes, clock, ids });
  const demo = lab ? (await merchants.seedDemo()).merchant : null;
  if (demo !== null) await seedDemoPayer(payers, vault, demo.id);

  const bank = await openBank(config, parts);
  const webhooks = createWebhooks({
    store,
    vault,
    clock,
    ids,
    log,
    metrics,
    allowLoopback: (merchant) => merchant === demo?.id,
    concurrency: DELIVERIES_AT_ONCE,
  });
  const route = createRoute();
  const payLink = ({ id, generation }: { id: string; generation: number | null }): string | null =>
    generation === null ? null : `${publicUrl}/pay/${signing.pageToken(id, generation)}`;
  const presenter = createPresenter({ publicUrl, payLink, telephone: () => null, clock });
  const engine = createEngine({
    store,
    vault,
    acquirers: [bank.acquirer],
    authenticator: bank.authenticator,
    flows,
    route,
    presenter,
    clock,
    ids,
    log,
    limits: config.limits,
    resultUrl: (payment) => `${publicUrl}/3ds/results/${payment}`,
    drawCode: (payment) => drawCode(store, ids, clock, payment),
    committed(payment, told) {
      if (payment.dueAt !== null) sweeper.wake(payment.dueAt);
      if (told.length > 0) webhooks.wake();
      count(metrics, payment, told);
    },
    answered: metrics.operationAnswered,
  });
  const closing = new AbortController();
  const counter = createCounter({
    engine,
    store,
    vault,
    signing,
    cards: { checkCard, checkSecurityCode },
    openPromptOf,
    isOnOrigin,
    returnSecretOf: merchants.returnSecret,
    readPaymentCode,
    clock,
    log,
    publicUrl,
    operator: config.operator.name,
    extensionsMax: ENGINE_LIMITS.extensionsMax,
  });

  const api = createApi({
    store,
    engine,
    presenter,
    timeline: presentTimeline,
    payers,
    endpoints: webhooks.endpoints,
    presentEndpoint,
    presentDelivery,
    eventBody,
    authenticate: merchants.authenticate,
    fingerprint: signing.requestFingerprint,
    isFingerprint: signing.isRequestFingerprint,
    acquirerFor: route,
    clock,
    ids,
    log,
    publicUrl,
    instruments: flows.map(({ instrument }) => instrument),
    channels: CHANNELS,
    attemptsMax: config.limits.attemptsPerPayment,
    trustedProxies: 0,
    requestBegan: metrics.requestBegan,
  });
  const server = createServer({
    api,
    routers: [
      issuerResults(createThreeDSecureResults({ authenticator: bank.authenticator, engine, log })),
      acquirerNotifications({ readers: { sandbox: bank.readNotification }, engine, log }),
      createWebChannel({
        counter,
        say: createSay('page'),
        signing,
        closing: closing.signal,
        newToken: () => ids.token(128),
        brandsOf,
        now: clock.now,
        publicUrl,
        log,
      }),
      operationsRouter({
        ping: () => store.ping(),
        acquirers: async () => [{ name: bank.acquirer.name, ok: null }],
        metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
      }),
      documentationRouter({
        routes: api.routes,
        eventTypes: EVENT_TYPES,
        testCards: [...TEST_CARDS, ...TEST_TOKENS].map(({ number, meaning }) => ({ number, meaning: meaning.en })),
        publicUrl,
        version: VERSION,
        start: lab ? START_LINKS : null,
      }),
    ],
    publicUrl,
    log,
    ids,
    clock,
    trustedProxies: 0,
  });
  await server.listen(config.listen.port, config.listen.host);

  const sweeper = createLocalJobs(clock, log, { name: 'sweep', run: () => engine.sweep() });
  const notifier = createLocalJobs(clock, log, { name: 'webhooks', run: () => webhooks.sweep() });
  const housekeeper = createLocalJobs(clock, log, {
    name: 'housekeeping',
    async run() {
      const now = clock.now();
      await Promise.all([
        vault.sweep(now),
        store.guards.sweep(now),
        store.codes.sweep(now),
        vault.rewrap(REWRAP_AT_ONCE),
      ]);
      return now + HOUSEKEEPING_EVERY_MS;
    },
  });

  return {
    engine,
    store,
    async close() {
      closing.abort();
      await server.close(config.limits.shutdownMs);
      await Promise.all([sweeper.stop(), notifier.stop(), housekeeper.stop(), webhooks.close()]);
      await engine.idle();
      await bank.close();
      await store.close();
    },
  };
}

const START_LINKS = [
  { href: '/docs', title: 'Documentation', text: 'every call, error, event and test card' },
] as const;

/** Keys from the settings; in development, made beside the database on the first start. */
function developmentOr({ vaultKeys, signingKeys, keyFiles }: Config, ids: Ids) {
  if (vaultKeys !== null && signingKeys !== null) return { vault: vaultKeys, signing: signingKeys };
  const made = developmentKeys(keyFiles, ids);
  return { vault: vaultKeys ?? made.vault, signing: signingKeys ?? made.signing };
}

/** The acquirer and the directory server: the sandbox of this data folder, or the one at SANDBOX_URL. */
async function openBank(
  { sandboxUrl, dataDir, publicUrl }: Config,
  { clock, ids, log, acquirer: replacement }: Replacements,
) {
  const notificationUrl = `${publicUrl}/acquirers/sandbox/notifications`;
  const shared =
    sandboxUrl === null
      ? await sharedSandbox({ dataFolder: dataDir, clock, ids, log, notificationUrl })
      : outside(sandboxUrl);
  const { credential } = shared;
  const ports = { url: () => shared.url(), credential, clock, log };
  const acquirer = createSandboxAcquirer(ports);
  const authenticator = createSandboxAuthenticator(ports);
  return {
    acquirer: replacement === undefined ? acquirer : { ...replacement, name: acquirer.name },
    authenticator,
    readNotification: acquirer.readNotification,
    async close() {
      acquirer.close();
      authenticator.close();
      await shared.close();
    },
  };
}

/** A sandbox of somebody else: its credential is the password in its address. */
function outside(address: string) {
  const { origin, password } = new URL(address);
  return { url: () => origin, credential: decodeURIComponent(password), close: () => Promise.resolve() };
}

async function drawCode(store: Store, ids: Ids, clock: Clock, payment: string): Promise<string> {
  for (let draw = 0; draw < CODE_DRAWS_MAX; draw++) {
    const code = drawPaymentCode(ids);
    if (await store.codes.claim(code, payment, clock.now())) return code;
  }
  throw new Impossible(`${CODE_DRAWS_MAX} payment codes in a row were taken`);
}

function issuerResults(results: ReturnType<typeof createThreeDSecureResults>): Router {
  const router = Router({ caseSensitive: true });
  router.all('/3ds/results/:payment', results);
  return router;
}

function count(
  metrics: Metrics,
  { status, channel, mode, review }: Parameters<typeof openPromptOf>[0],
  told: readonly FeedEvent[],
): void {
  if (!told.some(({ type }) => type.startsWith('payment.'))) return;
  metrics.paymentChanged({ status, channel, mode });
  if (review?.reason === 'quarantine') metrics.quarantined();
}
