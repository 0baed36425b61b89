import type { Advice } from '../../src/contracts/acquirer.js';
import type { SavedCard } from '../../src/contracts/channel.js';
import type { TvLanguage, TvPlace, TvSession } from '../../src/contracts/television.js';
import type { TvHousehold, TvScene } from '../../src/counter/tv_scene.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { type Sketch, START, sketch, type Wanted } from '../engine/sketch.js';

export const BOX = 'device-tv';
export const HOUR_MS = 3_600_000;

export const CARDS: readonly SavedCard[] = ['4242', '1881', '0005'].map((last4, index) => ({
  ...{ id: `ins_${last4}`, brand: 'visa', last4, expMonth: 12, expYear: 2034 },
  ...{ isDefault: index === 0, isExpired: false },
}));

export const AT_HOME: TvHousehold = { payer: 'pyr_1', cards: CARDS.slice(0, 1), code: 'set' };

/** A payment that televisions may show, in the hands of the true decisions. */
export const televised = (wanted: Wanted = {}): Sketch =>
  sketch({ channels: ['web', 'ivr', 'tv'], expiresAt: START + HOUR_MS, ...wanted });

/** A stored card of the household, given on this box with its purchase code. */
export function payHere(sketched: Sketch, fingerprint = '1.card'): boolean {
  const prompt = openPromptOf(sketched.payment, sketched.now)?.id ?? 'none';
  const face = { brand: 'visa', bin: '424242', last4: '4242', expMonth: 12, expYear: 2034, fingerprint };
  return sketched.tell({
    type: 'reply',
    reply: {
      ...{ type: 'card', prompt, channel: 'tv', device: BOX, browser: null, token: 'tok_stored' },
      ...{ face, stored: true, proof: 'purchase_code' },
    },
  });
}

export interface SceneChange {
  readonly place?: Partial<TvPlace>;
  readonly household?: TvHousehold | null;
  readonly ways?: Partial<TvScene['ways']>;
  readonly language?: TvLanguage;
  readonly step?: number;
  readonly now?: number;
}

export function sceneOf({ payment, now: at }: Sketch, change: SceneChange = {}): TvScene {
  const now = change.now ?? at;
  const place: TvPlace = {
    ...{ screen: 'start', focus: 0, notice: null, keyed: null, seq: null, keyedOn: null, provenAt: null },
    ...change.place,
  };
  const session: TvSession = {
    ...{ id: 'tvs_1', revision: 1, schema: 1, operator: 'op_1', mode: 'test', payment: payment.id },
    ...{ device: { id: 'box-1', model: null }, account: 'home', language: null, place, step: change.step ?? 0 },
    ...{ createdAt: START, updatedAt: at, endsAt: START + 24 * HOUR_MS },
  };
  return {
    payment,
    session,
    prompt: openPromptOf(payment, now),
    household: change.household === undefined ? AT_HOME : change.household,
    ways: {
      page: 'https://pay.example/pay/token',
      link: 'https://pay.example/link',
      code: '482 109 3756',
      telephone: '+33188000000',
      ...change.ways,
    },
    merchant: 'Maison Lune',
    language: change.language ?? 'en',
    device: BOX,
    now,
  };
}

export function paid(): Sketch {
  const sketched = televised();
  payHere(sketched);
  sketched.answer('authorize', 'approved');
  sketched.answer('capture', 'approved');
  return sketched;
}

export function reserved(): Sketch {
  const sketched = televised({ capture: 'manual' });
  payHere(sketched);
  sketched.answer('authorize', 'approved');
  return sketched;
}

export function declined(code = 'insufficient_funds', advice: Advice = 'retry'): Sketch {
  const sketched = televised();
  payHere(sketched);
  const decline = { code, acquirerCode: '51', advice } as const;
  sketched.answer('authorize', { outcome: 'declined', ...decline });
  return sketched;
}

export function challenged(): Sketch {
  const sketched = televised();
  sketched.giveCard();
  const { id = '', calls = 0 } = sketched.attempt().authentication ?? {};
  const answer = { answer: 'challenge', url: 'https://acs.example', creq: 'creq' } as const;
  sketched.tell({ type: 'authenticated', authentication: id, call: calls, answer });
  return sketched;
}

export function opened(): Sketch {
  const sketched = televised();
  sketched.tell({ type: 'met', how: 'device_paired' });
  sketched.tell({ type: 'met', how: 'page_opened' });
  return sketched;
}

export function canceled(): Sketch {
  const sketched = televised();
  sketched.tell({ type: 'cancel', command: { by: 'payer', request: null, deadline: 0 } });
  return sketched;
}

export function expired(): Sketch {
  const sketched = televised();
  sketched.wait();
  return sketched;
}

export function being(): Sketch {
  const sketched = televised();
  payHere(sketched);
  return sketched;
}
