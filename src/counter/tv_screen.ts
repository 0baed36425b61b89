import { createHash } from 'node:crypto';
import { amountText } from '../contracts/money.js';
import type { Screen, TvLanguage } from '../contracts/television.js';
import { entryOn } from './tv_entry.js';
import type { TvScene } from './tv_scene.js';
import type { Said, TvView } from './tv_view.js';

/** Finds the wording of a key, as televisions say it. */
export type TvSay = (language: TvLanguage, key: string, parameters?: Readonly<Record<string, string>>) => string;

/** The most digits that a purchase code has. */
export const CODE_DIGITS_MAX = 8;
/** A whole number that every JSON parser keeps: 48 bits of the hash. */
const VERSION_BYTES = 6;

/** A view put into words. Pure, so that the same state is the same screen, by whichever process. */
export function screenOf(view: TvView, scene: TvScene, say: TvSay): Screen {
  const { payment, session, language, now } = scene;
  const word = wordsOf(scene, say);
  const options = view.options.map(({ key, label }) => ({ key, label: word(label) }));
  const title = word({ key: `${view.title}.title` });
  const text = word(view.text);
  const shown = {
    id: view.id,
    kind: view.kind,
    title: payment.mode === 'test' ? say(language, 'screen.test', { title }) : title,
    text,
    speech: spoken(view, scene, say, { title, text, options }),
    language,
    merchant: scene.merchant,
    amount_text: amountText({ amount: payment.amount, currency: payment.currency }, language),
    options,
    focus: view.focus,
    handover: view.showsWays ? handoverOf(scene) : null,
    status: payment.status,
  } as const;
  const version = versionOf([shown, view.takesCode, session.step, payment.attempts.length]);
  const { length: entered } = entryOn(version, session.place).tokens;
  return {
    ...shown,
    entry: view.takesCode ? { digits: CODE_DIGITS_MAX, secret: true, entered } : null,
    expires_in: view.isTimed ? secondsLeft(payment.expiresAt, now) : null,
    version,
  };
}

export const secondsLeft = (end: number, now: number): number => Math.max(0, Math.ceil((end - now) / 1_000));

/** The same for the same screen, another for each other and for one that comes again. Time and digits on their way are not in it. */
function versionOf(parts: readonly unknown[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readUIntBE(0, VERSION_BYTES);
}

function wordsOf({ payment, merchant, ways, language }: TvScene, say: TvSay): (said: Said) => string {
  const common = {
    merchant,
    amount: amountText({ amount: payment.amount, currency: payment.currency }, language),
    address: addressOf(ways.link),
    telephone: ways.telephone ?? '',
  };
  const word = ({ key, parameters = {} }: Said): string => {
    const own = Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : word(value),
    ]);
    return say(language, key, { ...common, ...Object.fromEntries(own) });
  };
  return word;
}

/** As people type it. */
const addressOf = (link: string): string => link.replace(/^https?:\/\//, '');

function handoverOf({ ways: { page, link, code, telephone } }: TvScene): Screen['handover'] {
  const call = `tel:${telephone ?? ''}`;
  return { code, url: page === null ? call : link, qr: page ?? call, telephone };
}

function spoken(
  view: TvView,
  { ways, language }: TvScene,
  say: TvSay,
  { title, text, options }: Pick<Screen, 'title' | 'text' | 'options'>,
): string {
  const labels = options.map(({ label }) => say(language, 'screen.speech_option', { label }));
  // Digit by digit, or a voice makes it millions.
  const digits = view.showsWays && ways.code !== null ? [...ways.code.replaceAll(' ', '')].join(' ') : null;
  const code = digits === null ? [] : [say(language, 'handover.speech_code', { code: digits })];
  const parts = { title, text, options: [...code, ...labels].join(' ') };
  return say(language, 'screen.speech', parts).trim();
}
