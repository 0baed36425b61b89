import { Router } from 'express';
import { createSay } from '../../channels/catalogue/index.js';
import { createSmsChannel } from '../../channels/sms/index.js';
import { createWebChannel } from '../../channels/web/index.js';
import type { Config } from '../config.js';
import type { Counter } from '../contracts/channel.js';
import type { Clock } from '../contracts/clock.js';
import type { Merchant } from '../contracts/merchant.js';
import { CHANNELS } from '../contracts/payment.js';
import type { Picture } from '../contracts/picture.js';
import { createAccountDesk } from '../counter/account.js';
import { createCounter } from '../counter/index.js';
import { createThreeDSecureResults } from '../counter/three_d_secure.js';
import { promptsOf } from '../engine/prompts.js';
import { LIMITS as ENGINE_LIMITS } from '../engine/world.js';
import { acquirerNotifications } from '../http/acquirer_notifications.js';
import { createApi } from '../http/api.js';
import { documentationRouter } from '../http/docs/index.js';
import { operationsRouter } from '../http/operations.js';
import { createOperatorApi } from '../http/operator_api.js';
import type { ApiPorts } from '../http/ports.js';
import { createServer, type HttpServer } from '../http/server.js';
import { createSignedReader } from '../http/signed.js';
import { createTelevisionApi } from '../http/television_api.js';
import { TEST_CARDS, TEST_TOKENS } from '../lab/acquirer/cards.js';
import { mailboxRouter } from '../lab/mailbox/routes.js';
import { createLogos, type LogoPorts } from '../merchants/logos.js';
import { isOnOrigin } from '../merchants/origins.js';
import { eventBody } from '../notify/event_body.js';
import { EVENT_TYPES } from '../notify/event_types.js';
import { presentDelivery, presentEndpoint } from '../notify/present.js';
import { isGood } from '../operators/device_keys.js';
import { createAgents } from '../outside/agents.js';
import { createFetch } from '../outside/fetching.js';
import { groupPaymentCode, readPaymentCode } from '../payment_codes.js';
import { readPicture } from '../pictures.js';
import { presentTimeline } from '../presentation/timeline.js';
import { SETTINGS } from '../settings.js';
import { brandsOf, checkCard, checkSecurityCode, rulesOf } from '../vault/index.js';
import type { Bank } from './bank.js';
import { type Crew, meets } from './crew.js';
import { chooseFlows } from './flows.js';
import type { Foundation } from './foundation.js';
import type { Heart } from './heart.js';
import type { Lab } from './lab.js';
import { telephoneServices } from './line.js';
import { forThisMachine } from './neighbours.js';
import type { Parts } from './parts.js';
import type { Post } from './post.js';
import { openTelephone } from './telephone.js';
import { openTelevision, televisionApp } from './television.js';
import type { Texting } from './texting.js';

const VERSION = '0.1.0';

/** Everything that can be reached from outside, behind one server. */
export function buildDoors(
  config: Config,
  parts: Parts,
  foundation: Foundation,
  bank: Bank,
  heart: Heart,
  post: Post,
  lab: Lab | null,
  crew: Crew,
  closing: AbortSignal,
): HttpServer {
  const { clock, ids, log, metrics } = parts;
  const { publicUrl, trustedProxies } = config;
  const { engine } = heart;
  const operations = operationsRouter({
    ping: () => foundation.store.ping(),
    acquirers: async () => [{ name: bank.acquirer.name, ok: null }],
    services: () => [...crew.services(), { name: 'smtp', ok: heart.mails.isAnswering() }, ...telephoneServices(config)],
    metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
  });
  const frame = { publicUrl, log, ids, clock, trustedProxies };
  if (!meets(config)) return createServer({ ...frame, api: null, hot: [], routers: [operations] });
  const ports = apiPorts(config, parts, foundation, bank, heart);
  const api = createApi(ports);
  const read = createSignedReader(foundation.signedRequests);
  const operators = createOperatorApi(ports, foundation.deviceKeys, read);
  const desk = openTelevision(config, parts, foundation, heart, crew);
  const televisions = createTelevisionApi(ports, desk, read, closing);
  const telephone = openTelephone(config, parts, foundation, heart, closing);
  const routers = [
    issuerResults(createThreeDSecureResults({ authenticator: bank.authenticator, engine, log })),
    ...(bank.front === null ? [] : [bank.front]),
    acquirerNotifications({ readers: { sandbox: bank.readNotification }, engine, log }),
    operators.router,
    televisions.router,
    televisionApp(config, desk),
    ...(telephone === null ? [] : [telephone]),
    ...(heart.texting === null ? [] : [smsChannel(parts, heart.texting)]),
    paymentPage(config, parts, foundation, heart, lab?.logo ?? null, closing),
    ...(post.mailbox === null ? [] : [mailboxRouter(post.mailbox, forThisMachine)]),
    operations,
    ...(lab === null ? [] : [lab.router]),
    documentationRouter({
      routes: [...api.routes, ...operators.routes, ...televisions.routes],
      eventTypes: EVENT_TYPES,
      testCards: [...TEST_CARDS, ...TEST_TOKENS].map(({ number, meaning }) => ({ number, meaning: meaning.en })),
      settings: SETTINGS,
      pages: ['/link', ...(lab ? ['/shop', '/lab', '/lab/mailbox'] : [])],
      publicUrl,
      version: VERSION,
      start: config.lab ? START_LINKS : null,
    }),
  ];
  return createServer({ ...frame, api, hot: [api.hot, televisions.hot], routers });
}

/** Texts that come in, and what becomes of ours. */
function smsChannel({ log }: Parts, { counter, texts, line }: Texting): Router {
  const { signed, providerAnswers } = line;
  return createSmsChannel({ counter, reported: texts.reported, signed, providerAnswers, say: createSay('text'), log });
}

const START_LINKS = [
  { href: '/shop', title: 'Demo shop', text: 'buy something with a test card' },
  { href: '/lab', title: 'Lab', text: 'watch the payment from all sides, call about it, answer a text, pull the plug' },
  { href: '/docs', title: 'Documentation', text: 'every call, error, event and test card' },
] as const;

/** What merchants and television operators ask is answered from. */
function apiPorts(
  config: Config,
  { clock, ids, log, metrics }: Parts,
  foundation: Foundation,
  bank: Bank,
  heart: Heart,
): ApiPorts {
  const { store, signing, merchants } = foundation;
  const { engine, presenter, webhooks, desk, payers, links } = heart;
  return {
    store,
    engine,
    presenter,
    timeline: presentTimeline,
    payers,
    mails: desk,
    accountLink: links.account,
    pseudonymOf: signing.pseudonymOf,
    reachChannels: heart.texting?.reaching.channels ?? ['email'],
    consents: heart.consents,
    endpoints: webhooks.endpoints,
    presentEndpoint,
    presentDelivery,
    eventBody,
    authenticate: merchants.authenticate,
    fingerprint: signing.requestFingerprint,
    isFingerprint: signing.isRequestFingerprint,
    acquirerFor: bank.route,
    clock,
    ids,
    log,
    publicUrl: config.publicUrl,
    instruments: [...new Set(chooseFlows(config).flows.map(({ instrument }) => instrument))],
    channels: CHANNELS,
    attemptsMax: config.limits.attemptsPerPayment,
    reachesPerHour: config.limits.reachesPerHour,
    trustedProxies: config.trustedProxies,
    requestBegan: metrics.requestBegan,
  };
}

/** The payer's pages, as the address of these settings reaches them. `meet`: what of the counter is shown there. */
export function paymentPage(
  config: Config,
  { clock, ids, log }: Parts,
  foundation: Foundation,
  heart: Heart,
  demoLogo: Picture | null,
  closing: AbortSignal,
  meet: (counter: Counter) => Counter = (counter) => counter,
) {
  const { publicUrl, operator } = config;
  const { store, signing, vault, merchants } = foundation;
  const { payers } = heart;
  const logos = createLogos({ fetchPicture: pictureFetcher(clock), clock, log });
  const ours = [operator.logo, demoLogo].filter((picture) => picture !== null);
  const shared = {
    engine: heart.engine,
    store,
    signing,
    mails: heart.desk,
    ids,
    clock,
    isOnOrigin,
    operator,
    logoOf: (merchant: Merchant) => (isPlain(merchant, foundation.demo) ? demoLogo : null) ?? logos.faceOf(merchant),
  };
  const accounts = { ...payers, load: store.payers.load };
  const account = createAccountDesk({ ...shared, payers: accounts });
  const counter = createCounter({
    ...shared,
    vault,
    payers,
    cards: { checkCard, checkSecurityCode },
    openPromptOf: promptsOf(heart.engine),
    isDeviceKeyGood: (id) => isGood(store.deviceKeys, id),
    returnSecretOf: merchants.returnSecret,
    readPaymentCode,
    groupCode: groupPaymentCode,
    log,
    extensionsMax: ENGINE_LIMITS.extensionsMax,
  });
  const newToken = (): string => ids.token(128);
  const say = createSay('page');
  return createWebChannel({
    counter: meet(counter),
    account,
    say,
    signing,
    newToken,
    brandsOf,
    rulesOf,
    pictureNamed: (name) => ours.find((picture) => picture.name === name) ?? logos.named(name),
    now: clock.now,
    publicUrl,
    log,
    closing,
  });
}

/** The demo merchant, for as long as nobody has given it a logo of its own. */
function isPlain({ id, profile }: Merchant, demo: Merchant | null): boolean {
  return id === demo?.id && profile.logo === null;
}

/** A merchant's logo weighs no more than the page it stands on, and keeps nobody waiting. */
const LOGO_BOUNDS = { accept: 'image/png, image/jpeg, image/webp', bytesMax: 20_480, timeoutMs: 5_000 };

function pictureFetcher(clock: Clock): LogoPorts['fetchPicture'] {
  const fetchOutside = createFetch(createAgents(), clock);
  return async (url) => {
    const fetched = await fetchOutside({ url, ...LOGO_BOUNDS });
    if ('error' in fetched) return fetched;
    const picture = readPicture(fetched.bytes, false);
    return picture === null ? { error: 'not_a_picture' } : { picture };
  };
}

/** Before any body parser: the results are read off their own bytes. */
function issuerResults(results: ReturnType<typeof createThreeDSecureResults>): Router {
  const router = Router({ caseSensitive: true });
  router.all('/3ds/results/:payment', results);
  return router;
}
