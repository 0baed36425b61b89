import type { CodeMail } from '../../contracts/mail.js';
import type { Payer, PayerSession } from '../../contracts/payer.js';
import type { Payment } from '../../contracts/payment.js';
import { accountLetter, changeLetter, codeLetter } from './account_letter.js';
import type { Letter } from './letter.js';
import { type Message, messageOf } from './message.js';
import type { Occasion, Sums } from './occasion.js';
import { paymentLetter } from './payment_letter.js';
import { languageOf, oneLine, type Say } from './words.js';
import { penOf, replyAddress } from './writing.js';

export interface WriterPorts {
  readonly say: Say;
  /** Who holds the card, named in every mail beside who is paid. */
  readonly operator: string;
  /** The payment's page; null when none is open. */
  payLink(payment: Payment): string | null;
  accountLink(payer: Payer, session: PayerSession): string;
  /** What was authorized, captured and refunded, in minor units. */
  readonly sums: (payment: Payment) => Sums;
}

export interface Writer {
  /** A planned mail, from what it is about as that is now. */
  write(occasion: Occasion): Message;
  /** A mail with a one-time code. */
  code(mail: CodeMail, stamp: { readonly messageId: string; readonly at: number }): Message;
}

const OPERATOR_MAX = 60;

/** Writes mails. Nothing it reads is kept, so a mail is as true as its payment at the time it is sent. */
export function createWriter(ports: WriterPorts): Writer {
  const operator = oneLine(ports.operator, OPERATOR_MAX);

  function letterFor(occasion: Occasion): Letter {
    const { mail, merchant, payment, account } = occasion;
    const wanted = payment?.payer.language ?? account?.session?.language ?? account?.payer.language ?? null;
    const pen = penOf(ports.say, {
      language: mail.audience === 'merchant' ? merchant.profile.language : languageOf(wanted),
      merchantName: payment?.terms.merchantName ?? merchant.profile.displayName,
      operator,
      mode: mail.mode,
    });
    if (payment !== null) return paymentLetter({ ...occasion, payment }, pen, ports);
    if (account === null) throw new TypeError('a mail about nothing');
    const { payer, session } = account;
    if (session === null) return changeLetter({ mail, merchant, payer }, pen, ports.say);
    return accountLetter({ merchant, session }, ports.accountLink(payer, session), pen);
  }

  return {
    write(occasion) {
      const { mail, to, merchant } = occasion;
      return messageOf(letterFor(occasion), {
        messageId: mail.id,
        at: mail.createdAt,
        to,
        replyTo: mail.audience === 'payer' ? replyAddress(merchant.profile.support.email) : null,
        mode: mail.mode,
        payment: mail.payment,
      });
    },

    code(mail, { messageId, at }) {
      const { to, mode, merchantName } = mail;
      const pen = penOf(ports.say, { language: languageOf(mail.language), merchantName, operator, mode });
      return messageOf(codeLetter(mail, pen), { messageId, at, to, replyTo: null, mode, payment: null });
    },
  };
}
