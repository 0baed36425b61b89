import { createSay } from '../../channels/catalogue/index.js';
import { callAddresses } from '../../channels/ivr/index.js';
import type { Config } from '../config.js';
import type { Engine } from '../contracts/engine.js';
import type { Payment } from '../contracts/payment.js';
import type { Reaching } from '../contracts/reaching.js';
import type { Consents, TextCounter } from '../contracts/text.js';
import { createTextCharge } from '../counter/text_charge.js';
import { createTextCounter } from '../counter/text_replies.js';
import { totalsOf } from '../engine/ledger.js';
import { promptsOf } from '../engine/prompts.js';
import { isTextEnough } from '../engine/proof.js';
import { createCallReports, createReaching } from '../notify/reaching.js';
import { createConsents } from '../notify/texts/consents.js';
import { createTexts, type Texts } from '../notify/texts/index.js';
import { bindingOf } from '../notify/texts/offer.js';
import { deviceOf } from '../notify/texts/record.js';
import { languageOf, parametersOf } from '../notify/texts/writer.js';
import type { PayerService } from '../payers/service.js';
import type { Foundation } from './foundation.js';
import type { Line } from './line.js';
import type { Links } from './links.js';
import type { Parts } from './parts.js';

const TEXTS_AT_ONCE = 8;

/** Everything about texts, behind a line to the provider. */
export interface Texting {
  readonly line: Line;
  readonly texts: Texts;
  readonly counter: TextCounter;
  readonly reaching: Reaching;
  /** Who is told what becomes of calls placed to reach a payer. */
  readonly callReports: ReturnType<typeof createCallReports>;
}

export interface TextingPorts {
  readonly links: Links;
  readonly payers: Pick<PayerService, 'find'>;
  readonly consents: Consents;
  /** The engine, once it is there: it reaches payers, and hears what becomes of it. */
  engine(): Engine;
  /** Something is due: texts should be swept then. */
  due(at: number): void;
}

export function openConsents({ clock }: Pick<Parts, 'clock'>, { store, signing }: Foundation): Consents {
  return createConsents({ store, clock, numberNames: signing.numberNames });
}

export function openTexting(
  { publicUrl, limits: { reachesPerHour } }: Config,
  { clock, ids, log }: Parts,
  { store, signing }: Foundation,
  line: Line,
  { links, payers, consents, engine, due }: TextingPorts,
): Texting {
  const { numberNames, textCodes: codes, pseudonymOf: pseudonym } = signing;
  const heart: Pick<Engine, 'load' | 'reply' | 'reached' | 'consented' | 'watch'> = {
    load: (id) => engine().load(id),
    reply: (id, reply) => engine().reply(id, reply),
    reached: (id, of, report) => engine().reached(id, of, report),
    consented: (id, given) => engine().consented(id, given),
    watch: (id, version, deadline) => engine().watch(id, version, deadline),
  };
  const openPromptOf = promptsOf({ goesOnHere: (payment) => engine().goesOnHere(payment) });
  const shared = {
    ...{ store, clock, consents, codes, numberNames, openPromptOf, isTextEnough, deviceOf, payers },
    engine: heart,
  };
  const texts = createTexts({
    ...shared,
    ...{ telephone: line.telephone, isOneWay: line.isOneWay, ids, log, due, reachesPerHour, pseudonym },
    say: createSay('text'),
    payLink: links.pay,
    sums: totalsOf,
    statusUrl: (text) => `${publicUrl}/sms/status?text=${text}`,
    charge: createTextCharge(shared),
    concurrency: TEXTS_AT_ONCE,
  });
  const counter = createTextCounter({
    ...shared,
    bindingOf,
    payLink: links.pay,
    async wordsAbout(payment: Payment, link) {
      const merchant = await store.merchants.load(payment.merchant);
      return parametersOf({ payment, merchant, last4: null, link }, languageOf(payment.payer.language));
    },
    follow: texts.follow,
  });
  const { telephone } = line;
  const reaching = createReaching({
    ...{ store, clock, telephone, pseudonym, offer: texts.offer },
    callAddresses: (payment, reach) => callAddresses(publicUrl, payment.id, reach.id),
  });
  return { line, texts, counter, reaching, callReports: createCallReports(heart) };
}
