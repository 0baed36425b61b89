import type { Router } from 'express';
import { createSay } from '../../channels/catalogue/index.js';
import { createIvrChannel } from '../../channels/ivr/index.js';
import type { Config } from '../config.js';
import { createCallNews } from '../counter/call_news.js';
import { createCallDesk } from '../counter/calls.js';
import { createKeyedCards } from '../counter/keyed_cards.js';
import { promptsOf } from '../engine/prompts.js';
import { isTelephoneOrder } from '../engine/proof.js';
import { readPaymentCode } from '../payment_codes.js';
import { createCredentials } from '../twilio/credentials.js';
import { checkCard, checkSecurityCode } from '../vault/index.js';
import type { Foundation } from './foundation.js';
import type { Heart } from './heart.js';
import type { Parts } from './parts.js';

/** The telephone channel; null, and a line in the log, where there is no account to be called at. */
export function openTelephone(
  config: Config,
  { clock, log, texts, callReports }: Parts,
  { store, signing, vault }: Foundation,
  { engine, payers, texting }: Pick<Heart, 'engine' | 'payers' | 'texting'>,
  closing: AbortSignal,
): Router | null {
  const { twilio, payConnector, publicUrl, operator } = config;
  const { credentials, name } = payConnector;
  if (twilio === null || credentials === null || texting === null) {
    log.info('nobody can pay by telephone: TWILIO_ACCOUNT_SID and what belongs to it are not set');
    return null;
  }
  const ports = {
    ...{ engine, store, vault, signing, payers, clock, log, isTelephoneOrder, readPaymentCode },
    openPromptOf: promptsOf(engine),
    texts: texts ?? texting.texts.desk,
    cards: { checkCard, checkSecurityCode },
    operator: operator.name,
    sharedNumber: twilio.voiceFrom,
  };
  const { telephone: calls, signed } = texting.line;
  const desk = createCallDesk(ports);
  return createIvrChannel({
    desk,
    news: createCallNews({ engine, desk, calls, clock, log, closing }),
    keyedCards: createKeyedCards(ports),
    reports: callReports ?? texting.callReports,
    signed,
    say: createSay('speech'),
    publicUrl,
    sharedNumber: twilio.voiceFrom,
    payConnector: name,
    isConnector: createCredentials(credentials),
    log,
  });
}
