import type { Mode } from '../../contracts/payment.js';
import { htmlBody } from './html_body.js';
import type { Letter } from './letter.js';
import { textBody } from './text_body.js';

/** A mail as the mail server is given it. */
export interface Message {
  readonly messageId: string;
  readonly at: number;
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly mode: Mode;
  readonly payment: string | null;
}

type Envelope = Omit<Message, 'subject' | 'text' | 'html'>;

/** Puts a letter into its envelope, in both of its forms. */
export function messageOf(letter: Letter, envelope: Envelope): Message {
  return { ...envelope, subject: letter.subject, text: textBody(letter), html: htmlBody(letter) };
}
