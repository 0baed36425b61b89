import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SESSION_PURPOSES } from '../../../src/contracts/payer.js';
import type { Message } from '../../../src/notify/mails/message.js';
import { SAMPLE_TIME } from '../../contract/samples.js';
import { lune, occasionFor, STATES, savedCard, sessionOf, writer } from './samples.js';

/** Every kind of mail to everybody who gets it, in both languages, word for word: `UPDATE_GOLDEN=yes` writes them anew. */

const FOLDER = fileURLToPath(new URL('./golden/', import.meta.url));
const LANGUAGES = ['en', 'fr'] as const;
const MERCHANT_ONLY = ['refund_failed', 'review'];
const PAYER_ONLY = ['link'];

function golden(name: string, message: Message): void {
  const { subject, to, replyTo, text, html } = message;
  const head = `Subject: ${subject}\nTo: ${to}\nReply-To: ${replyTo ?? 'nobody'}\n\n`;
  for (const [path, content] of [
    [`${FOLDER}${name}.txt`, head + text],
    [`${FOLDER}${name}.html`, html],
  ] as const) {
    if (process.env['UPDATE_GOLDEN'] !== undefined) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(path, content);
    }
    expect(existsSync(path), `${path} is not there: UPDATE_GOLDEN=yes writes it`).toBe(true);
    expect(content).toBe(readFileSync(path, 'utf8'));
  }
}

const kinds = Object.keys(STATES) as (keyof typeof STATES)[];
const cases = kinds.flatMap((kind) =>
  (['payer', 'merchant'] as const)
    .filter((audience) => !(audience === 'payer' ? MERCHANT_ONLY : PAYER_ONLY).includes(kind))
    .flatMap((audience) => LANGUAGES.map((language) => [audience, kind, language] as const)),
);

describe('golden mails', () => {
  it.each(cases)('to the %s: %s, %s', (audience, kind, language) => {
    const merchant = { ...lune, profile: { ...lune.profile, language } };
    const base = occasionFor(kind, { audience, merchant });
    const payment = { ...base.payment, payer: { ...base.payment.payer, language } };
    golden(`${audience}.${kind}.${language}`, writer.write({ ...base, payment }));
  });

  it.each(LANGUAGES)('to the payer, in test mode, a receipt that was asked for: %s', (language) => {
    const payer = { account: null, email: null, phone: null, name: null, language };
    const occasion = occasionFor('paid', { payment: { mode: 'test', payer } });
    const mail = { ...occasion.mail, to: occasion.to };
    golden(`payer.receipt.${language}`, writer.write({ ...occasion, mail }));
  });

  it.each(LANGUAGES)('to the payer: a card was saved, or the link to save one, %s', (language) => {
    const payer = { account: 'cust-7', email: null, phone: null, name: null, language };
    golden(`payer.saved.${language}`, writer.write(occasionFor('paid', { payment: { ...savedCard, payer } })));
    const asked = { amount: 0, description: null, payer };
    golden(`payer.link_save.${language}`, writer.write(occasionFor('link', { payment: asked })));
  });

  it.each(SESSION_PURPOSES.flatMap((purpose) => LANGUAGES.map((language) => [purpose, language] as const)))(
    'to the payer: the link to their account, %s, %s',
    (purpose, language) => golden(`account.${purpose}.${language}`, writer.write(sessionOf(purpose, language))),
  );

  it.each(LANGUAGES)('a one-time code, %s', (language) => {
    const code = { to: 'camille@example.org', code: '402871', minutes: 10, language, merchantName: 'Lune & Fils' };
    const whole = { ...code, mode: 'live', deadline: SAMPLE_TIME } as const;
    golden(`code.${language}`, writer.code(whole, { messageId: 'eml_3', at: SAMPLE_TIME }));
  });
});
