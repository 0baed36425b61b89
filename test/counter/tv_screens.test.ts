import { describe, expect, it } from 'vitest';
import { createSay } from '../../channels/catalogue/index.js';
import type { TvKey } from '../../src/contracts/television.js';
import { moveOf } from '../../src/counter/tv_keys.js';
import type { TvScene } from '../../src/counter/tv_scene.js';
import { screenOf } from '../../src/counter/tv_screen.js';
import { viewOf } from '../../src/counter/tv_view.js';
import {
  AT_HOME,
  being,
  CARDS,
  canceled,
  challenged,
  declined,
  expired,
  HOUR_MS,
  opened,
  paid,
  payHere,
  reserved,
  type SceneChange,
  sceneOf,
  televised,
} from './tv_scenes.js';

const say = createSay('tv');
const KEYS: readonly TvKey[] = [
  ...(['OK', 'BACK', 'UP', 'DOWN', 'LEFT', 'RIGHT', 'RED', 'GREEN', 'YELLOW', 'BLUE'] as const),
  ...(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const),
];
const DIGITS = Object.fromEntries([...'0123456789'].map((digit) => [digit, `digit ${digit}`]));

/** What a key does, in a word. */
function doneBy(scene: TvScene, key: TvKey): string | undefined {
  const press = { version: 0, key, value: null, seq: /\d/.test(key) ? 1 : null };
  const move = moveOf(viewOf(scene), scene.session.place, press);
  if (move === null) return undefined;
  const { act, ...rest } = move;
  return act === 'digit' ? `digit ${(rest as { digit: string }).digit}` : [act, ...Object.values(rest)].join(' ');
}

const NOBODY: SceneChange = { household: null };
const SEVERAL = { ...AT_HOME, cards: CARDS };
const entry = { focus: -1 } as const;
const ARROWS_1 = { DOWN: 'focus 1', RIGHT: 'focus 1' };

/** Every screen: how it comes about, and what each key does on it. A key that is not named does nothing. */
const SCREENS: readonly (readonly [string, string, () => TvScene, Partial<Record<TvKey, string>>])[] = [
  [
    ...(['start', 'choose', () => sceneOf(televised())] as const),
    {
      OK: 'go purchase_code',
      GREEN: 'go purchase_code',
      BLUE: 'go handover',
      RED: 'go confirm_cancel',
      BACK: 'go confirm_cancel',
      ...ARROWS_1,
    },
  ],
  [
    ...(['declined', 'choose', () => sceneOf(declined())] as const),
    {
      OK: 'go purchase_code',
      GREEN: 'go purchase_code',
      BLUE: 'go handover',
      RED: 'go confirm_cancel',
      BACK: 'go confirm_cancel',
      ...ARROWS_1,
    },
  ],
  [
    ...([
      'nowhere',
      'choose',
      () => sceneOf(televised(), { ...NOBODY, ways: { page: null, telephone: null } }),
    ] as const),
    { OK: 'go confirm_cancel', RED: 'go confirm_cancel', BACK: 'go confirm_cancel' },
  ],
  [
    ...([
      'purchase_code',
      'enter',
      () => sceneOf(televised(), { place: { screen: 'purchase_code', ...entry } }),
    ] as const),
    { ...DIGITS, YELLOW: 'go handover', RED: 'go confirm_cancel', BACK: 'go start', DOWN: 'focus 0', RIGHT: 'focus 0' },
  ],
  [
    ...([
      'code_missing',
      'choose',
      () =>
        sceneOf(televised(), { place: { screen: 'purchase_code', ...entry }, household: { ...AT_HOME, code: 'none' } }),
    ] as const),
    { OK: 'go handover', BLUE: 'go handover', RED: 'go confirm_cancel', BACK: 'go start', ...ARROWS_1 },
  ],
  [
    ...([
      'locked',
      'choose',
      () =>
        sceneOf(televised(), {
          place: { screen: 'purchase_code', ...entry },
          household: { ...AT_HOME, code: 'locked' },
        }),
    ] as const),
    { OK: 'go handover', BLUE: 'go handover', RED: 'go confirm_cancel', BACK: 'go start', ...ARROWS_1 },
  ],
  [...(['checking', 'wait', () => sceneOf(televised(), { place: { screen: 'checking' } })] as const), {}],
  [
    ...([
      'choose_card',
      'choose',
      () => {
        const sketched = televised();
        return sceneOf(sketched, { place: { screen: 'choose_card', provenAt: sketched.now }, household: SEVERAL });
      },
    ] as const),
    { OK: 'pay ins_4242', RED: 'go confirm_cancel', BACK: 'go start', ...ARROWS_1 },
  ],
  [
    ...(['handover', 'handover', () => sceneOf(televised(), NOBODY)] as const),
    { OK: 'go confirm_cancel', RED: 'go confirm_cancel', BACK: 'go confirm_cancel' },
  ],
  [
    ...(['opened', 'handover', () => sceneOf(opened(), { place: { screen: 'handover' } })] as const),
    { OK: 'go purchase_code', GREEN: 'go purchase_code', RED: 'go confirm_cancel', BACK: 'go start', ...ARROWS_1 },
  ],
  [
    ...(['elsewhere', 'handover', () => sceneOf(challenged())] as const),
    { OK: 'go confirm_cancel', RED: 'go confirm_cancel', BACK: 'go confirm_cancel' },
  ],
  [
    ...(['confirm_cancel', 'confirm', () => sceneOf(televised(), { place: { screen: 'confirm_cancel' } })] as const),
    { OK: 'go start', GREEN: 'go start', RED: 'cancel', BACK: 'go start', ...ARROWS_1 },
  ],
  [...(['paying', 'wait', () => sceneOf(being())] as const), {}],
  [...(['ending', 'wait', () => sceneOf(televised(), { now: televised().now + HOUR_MS })] as const), {}],
  [...(['paid', 'result', () => sceneOf(paid())] as const), {}],
  [...(['reserved', 'result', () => sceneOf(reserved())] as const), {}],
  [...(['canceled', 'result', () => sceneOf(canceled())] as const), {}],
  [...(['expired', 'result', () => sceneOf(expired())] as const), {}],
  [...(['failed', 'result', () => sceneOf(declined('stolen_card', 'stop'))] as const), {}],
];

describe.each(SCREENS)('the screen %s', (id, kind, made, does) => {
  it.each(KEYS)('%s', (key) => expect(doneBy(made(), key)).toBe(does[key]));

  it.each(['fr', 'en'] as const)('says everything in words (%s)', (language) => {
    const scene = { ...made(), language };
    const screen = screenOf(viewOf(scene), scene, say);
    expect(screen).toMatchObject({ id, kind, language, merchant: 'Maison Lune' });
    const words = [screen.title, screen.text, screen.speech, ...screen.options.map(({ label }) => label)];
    for (const text of words) {
      expect(text).toMatch(/\S{2}/);
      expect(text).not.toMatch(/[{}]|undefined|null| {2}/);
    }
    expect(screen.title).toMatch(/^TEST/);
    expect(screen.speech).toContain(screen.text);
    expect(screen.focus === null).toBe(screen.options.length === 0 || screen.entry !== null);
    // A bank's own word for a code would have its code typed.
    expect(words.join(' ')).not.toMatch(/\bPIN\b|secret/i);
    if (screen.expires_in !== null) expect(screen.expires_in).toBeGreaterThan(0);
    if (kind !== 'result' && kind !== 'wait') expect(screen.amount_text).toMatch(/42[.,]50/);
  });
});

describe('the version of a screen', () => {
  const versionAt = (scene: TvScene): number => screenOf(viewOf(scene), scene, say).version;

  it('is another one for each screen, and the same for the same', () => {
    const versions = SCREENS.map(([, , made]) => versionAt(made()));
    expect(new Set(versions).size).toBe(SCREENS.length);
    expect(SCREENS.map(([, , made]) => versionAt(made()))).toEqual(versions);
    expect(versions.every(Number.isSafeInteger)).toBe(true);
  });

  it('stays while time runs, events come that show nothing, and digits are on their way', () => {
    const sketched = televised();
    const place = { screen: 'purchase_code', ...entry } as const;
    const before = versionAt(sceneOf(sketched, { place }));
    expect(versionAt(sceneOf(sketched, { place, now: sketched.now + 60_000 }))).toBe(before);
    sketched.tell({ type: 'met', how: 'device_paired' });
    expect(versionAt(sceneOf(sketched, { place }))).toBe(before);
    expect(versionAt(sceneOf(sketched, { place: { ...place, keyed: 'tok_1 tok_2', seq: 2 } }))).toBe(before);
  });

  it('is another one for a screen that comes again', () => {
    const sketched = televised();
    expect(versionAt(sceneOf(sketched, { step: 2 }))).not.toBe(versionAt(sceneOf(sketched, { step: 0 })));
    const again = declined('do_not_honor', 'retry');
    const first = versionAt(sceneOf(again));
    payHere(again);
    again.answer('authorize', {
      outcome: 'declined',
      code: 'do_not_honor',
      acquirerCode: '05',
      advice: 'retry',
    });
    expect(versionAt(sceneOf(again))).not.toBe(first);
  });
});

describe('what a screen tells', () => {
  const shown = (scene: TvScene) => screenOf(viewOf(scene), scene, say);

  it('every way elsewhere, read digit by digit', () => {
    const screen = shown(sceneOf(televised(), NOBODY));
    expect(screen.handover).toEqual({
      code: '482 109 3756',
      url: 'https://pay.example/link',
      qr: 'https://pay.example/pay/token',
      telephone: '+33188000000',
    });
    expect(screen.speech).toContain('The code is 4 8 2 1 0 9 3 7 5 6.');
    expect(screen.text).toContain('pay.example/link');
  });

  it('only the telephone, where the payment has no page', () => {
    const screen = shown(sceneOf(televised(), { ...NOBODY, ways: { page: null } }));
    expect(screen).toMatchObject({ id: 'handover', handover: { url: 'tel:+33188000000', qr: 'tel:+33188000000' } });
    expect(screen.text).toMatch(/Call \+33188000000/);
  });

  it('the card to who has paid with it here, and to nobody else', () => {
    expect(shown(sceneOf(paid())).text).toContain('Visa ending in 4242');
    const elsewhere = { ...sceneOf(paid()), device: 'another box' };
    expect(shown(elsewhere).text).not.toMatch(/4242/);
    expect(shown(elsewhere).text).toContain('Reference ORDER-1');
  });

  it('why a bank refused to who tried, and that another device came to nothing to everybody else', () => {
    expect(shown(sceneOf(declined('expired_card', 'retry'))).text).toMatch(/^This card has expired\./);
    const elsewhere = { ...sceneOf(declined('expired_card', 'retry')), device: 'another box' };
    expect(shown(elsewhere).text).toMatch(/^The payment on the other device did not succeed\./);
  });

  it('goes on with a telephone at once, where no card is left after a decline', () => {
    const screen = shown(
      sceneOf(declined('authentication_required', 'other_channel'), { household: { ...AT_HOME, cards: [] } }),
    );
    expect(screen).toMatchObject({ id: 'handover', kind: 'handover' });
    expect(screen.text).toMatch(/^Your bank wants you to confirm this payment on your phone\. Nothing was charged\./);
  });

  it('asks for the code again once a card was not chosen for two minutes', () => {
    const sketched = televised();
    const place = { screen: 'choose_card', provenAt: sketched.now } as const;
    expect(shown(sceneOf(sketched, { place, household: SEVERAL, now: sketched.now + 119_999 })).id).toBe('choose_card');
    expect(shown(sceneOf(sketched, { place, household: SEVERAL, now: sketched.now + 120_000 })).id).toBe(
      'purchase_code',
    );
  });

  it('asks for the code again when nobody comes back from looking at it', () => {
    const sketched = televised();
    const place = { screen: 'checking' } as const;
    expect(shown(sceneOf(sketched, { place, now: sketched.now + 14_999 })).id).toBe('checking');
    expect(shown(sceneOf(sketched, { place, now: sketched.now + 15_000 })).id).toBe('purchase_code');
  });
});
