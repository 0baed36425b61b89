import type { Payment } from '../../src/contracts/payment.js';
import type { Store } from '../../src/contracts/store.js';
import type { Text } from '../../src/contracts/text.js';
import type { Received } from './provider.js';

/** What holds of the texts of a payment once all is quiet, and of those who were told that they have paid. */

const MOST_COPIES = 2;

export async function checkTexts(
  store: Store,
  payment: Payment,
  received: readonly Received[],
  /** The devices of calls in which it was told. */
  callers: ReadonlySet<string>,
  now: number,
): Promise<string[]> {
  const texts = await store.texts.ofPayment(payment.id);
  const winners = [...callers];
  const wrong = texts.flatMap((text) => checkText(text, payment, texts, now));
  for (const caller of callers) {
    if (!hasPaid(caller, payment)) wrong.push(`${payment.id}: ${caller} was told to have paid, and never has`);
  }
  for (const text of texts) {
    const copies = received.filter((one) => one.text === text.id);
    if (copies.length > MOST_COPIES) wrong.push(`${payment.id}: ${text.id} was received ${copies.length} times`);
    if (areOtherWords(copies)) wrong.push(`${payment.id}: ${text.id} was sent in other words`);
    if (text.kind === 'outcome' && copies.some(({ body }) => TELLS_PAID.test(body))) {
      winners.push(byText(text.about));
      if (!hasPaid(byText(text.about), payment))
        wrong.push(`${payment.id}: ${text.id} says that it is paid, and it never was`);
    }
  }
  if (winners.length > 1) wrong.push(`${payment.id}: ${winners.join(' and ')} were told that they have paid`);
  return wrong;
}

/** Only a link may follow digits that are no longer good, or the other way round. */
function areOtherWords(copies: readonly Received[]): boolean {
  const kinds = new Set(copies.map(({ body }) => body.split(' ')[0]));
  return new Set(copies.map(({ body }) => body)).size > kinds.size;
}

const TELLS_PAID = /^outcome\.(?:paid|reserved) /;

function checkText(text: Text, payment: Payment, all: readonly Text[], now: number): string[] {
  const { id, status, dueAt, challenge, untold, kind } = text;
  const wrong: string[] = [];
  if (status === 'waiting') wrong.push(`${payment.id}: ${id} still waits to be sent`);
  if (dueAt !== null && dueAt <= now) wrong.push(`${payment.id}: ${id} is due and nobody has looked`);
  if (untold) wrong.push(`${payment.id}: what became of ${id} was not told`);
  if (challenge?.state === 'answered')
    wrong.push(`${payment.id}: the digits of ${id} came back and nothing came of it`);
  const begun = attemptsBy(byText(id), payment);
  if (begun.length > 1) wrong.push(`${payment.id}: the digits of ${id} paid ${begun.length} times`);
  const told = all.filter((other) => other.kind === 'outcome' && other.about === id);
  if (told.length > 1) wrong.push(`${payment.id}: what ${id} came to is told ${told.length} times`);
  const isAnswered = kind === 'offer' && (begun.length > 0 || challenge?.answer != null);
  if (isAnswered && told.length === 0) wrong.push(`${payment.id}: nobody told what ${id} came to`);
  if (kind === 'outcome' && status === 'dropped' && text.why === 'moved_on')
    wrong.push(`${payment.id}: ${id} was to tell what became of digits, and never did`);
  return wrong;
}

/** The device under which the digits of a text pay. */
const byText = (text: string | null): string => `text:${text}`;

const attemptsBy = (payer: string, { attempts }: Payment) => attempts.filter(({ device }) => device?.id === payer);

function hasPaid(payer: string, payment: Payment): boolean {
  return attemptsBy(payer, payment).some(({ operations }) =>
    operations.some(({ type, status }) => type === 'authorize' && status === 'approved'),
  );
}
