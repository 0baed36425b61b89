import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SESSION_PURPOSES } from '../../../src/contracts/payer.js';
import type { Message } from '../../../src/notify/mails/message.js';
import { SAMPLE_TIME } from '../../contract/samples.js';
import { changeOf, lune, occasionFor, STATES, sessionOf, writer } from './samples.js';

/** Every kind of mail to everybody who gets it, in both languages, word for word: `UPDATE_GOLDEN=yes` writes them anew. */

const FOLDER = fileURLToPath(new URL('./golden/', import.meta.url));
const LANGUAGES = ['en', 'fr'] as const;
const MERCHANT_ONLY = ['refund_failed', 'review'];
const CHANGES = ['card_saved', 'card_removed', 'purchase_code_set', 'contact_changed'] as const;
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

  it.each([
    ['requested_by_customer', 'Motif\u00a0: À votre demande'],
    ['chargeback risk, see CRM-88', null],
  ])('to the payer: the reason of a refund in their words, or none: %s', (reason, line) => {
    const base = occasionFor('refunded');
    const refunds = base.payment.refunds.map((refund) => ({ ...refund, reason }));
    const payment = { ...base.payment, refunds, payer: { ...base.payment.payer, language: 'fr' } };
    const { text, html } = writer.write({ ...base, payment });
    expect(text.match(/^Motif.*$/m)?.[0] ?? null).toBe(line);
    expect(text + html).not.toContain(reason);
    const theirs = occasionFor('refunded', { audience: 'merchant', payment: { refunds } });
    expect(writer.write(theirs).text).toContain(reason);
  });

  it.each(LANGUAGES)('to the payer: the link to save a card, %s', (language) => {
    const payer = { account: 'cust-7', email: null, phone: null, name: null, language };
    const asked = { amount: 0, description: null, payer };
    golden(`payer.link_save.${language}`, writer.write(occasionFor('link', { payment: asked })));
  });

  it.each(SESSION_PURPOSES.flatMap((purpose) => LANGUAGES.map((language) => [purpose, language] as const)))(
    'to the payer: the link to their account, %s, %s',
    (purpose, language) => golden(`account.${purpose}.${language}`, writer.write(sessionOf(purpose, language))),
  );

  it.each(CHANGES.flatMap((kind) => LANGUAGES.map((language) => [kind, language] as const)))(
    'to the payer: what was changed in their account, %s, %s',
    (kind, language) => golden(`account.${kind}.${language}`, writer.write(changeOf(kind, language))),
  );

  it.each(LANGUAGES)('to the address that an account had before, %s', (language) => {
    const written = writer.write(changeOf('contact_changed', language, { to: 'before@example.org' }));
    golden(`account.contact_before.${language}`, written);
    expect(`${written.subject} ${written.text} ${written.html}`).not.toContain('camille');
  });

  it.each(LANGUAGES)('a one-time code, %s', (language) => {
    const code = { to: 'camille@example.org', code: '402871', minutes: 10, language, merchantName: 'Lune & Fils' };
    const whole = { ...code, mode: 'live', deadline: SAMPLE_TIME } as const;
    golden(`code.${language}`, writer.code(whole, { messageId: 'eml_3', at: SAMPLE_TIME }));
  });
});
