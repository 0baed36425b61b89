import type { Router } from 'express';
import { createSay } from '../../channels/catalogue/index.js';
import { createTvApp } from '../../channels/tv/app/index.js';
import type { Config } from '../config.js';
import type { TvDesk } from '../contracts/television.js';
import { createTvDesk } from '../counter/tv.js';
import { promptsOf } from '../engine/prompts.js';
import { isPurchaseCodeEnough } from '../engine/proof.js';
import { isGood } from '../operators/device_keys.js';
import { groupPaymentCode, readPaymentCode } from '../payment_codes.js';
import { televisionSessionId } from '../television_tokens.js';
import type { Crew } from './crew.js';
import type { Foundation } from './foundation.js';
import type { Heart } from './heart.js';
import { telephoneOf } from './line.js';
import type { Parts } from './parts.js';

/** The counter window for televisions. */
export function openTelevision(
  config: Config,
  { clock }: Parts,
  { store, signing, vault }: Foundation,
  { engine, payers }: Heart,
  { live }: Crew,
): TvDesk {
  return createTvDesk({
    ...{ engine, store, vault, signing, payers, clock, live, isPurchaseCodeEnough, readPaymentCode },
    openPromptOf: promptsOf(engine),
    sessionIdOf: televisionSessionId,
    isDeviceKeyGood: (id) => isGood(store.deviceKeys, id),
    groupCode: groupPaymentCode,
    telephoneOf: telephoneOf(config),
    say: createSay('tv'),
    publicUrl: config.lan ?? config.publicUrl,
  });
}

/** The page that a box without one of its own shows. The lab's television has it in a frame. */
export function televisionApp({ tvKeys, lab }: Config, desk: TvDesk): Router {
  return createTvApp({ desk, keys: tvKeys, framed: lab });
}
