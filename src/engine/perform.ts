import type { Acquirer, Call as AcquirerCall, InquiryOutcome } from '../contracts/acquirer.js';
import type { AuthenticationAnswer, Authenticator } from '../contracts/authentication.js';
import type { Clock } from '../contracts/clock.js';
import type { CardStorage } from '../contracts/engine.js';
import { Impossible, StoreFailure } from '../contracts/errors.js';
import type { Attempt, Operation, Payment } from '../contracts/payment.js';
import type { Reaching } from '../contracts/reaching.js';
import type { OpenedCard, Vault } from '../contracts/vault.js';
import { attemptOf, type Call } from './draft.js';
import type { Incoming } from './incoming.js';
import { storeCard } from './saving.js';

/** Makes the calls of a committed decision. Nothing here decides: what the world answers goes back as an Incoming. */
export interface Performer {
  perform(payment: Payment, call: Call): Promise<Incoming>;
}

export interface PerformerPorts {
  readonly clock: Clock;
  readonly vault: Pick<Vault, 'openCard' | 'isHeldElsewhere'>;
  readonly acquirers: ReadonlyMap<string, Acquirer>;
  readonly authenticator: Authenticator;
  readonly cards: CardStorage;
  /** Texts and calls; null where there are none. */
  readonly reaching?: Reaching | null;
  readonly leaseMarginMs: number;
  /** Where the directory server sends the result message of a payment's authentication. */
  resultUrl(payment: string): string;
  /** Where the issuer sends the browser back; told at each call and kept nowhere. */
  returnUrl(payment: Payment, authentication: string): string;
}

export function createPerformer(ports: PerformerPorts): Performer {
  return {
    async perform(payment, call) {
      if (call.kind === 'reach') return begun(ports, payment, call);
      const attempt = attemptOf(payment, call.attempt);
      if (attempt === undefined) throw new Impossible(`no attempt ${call.attempt} in ${payment.id}`);
      if (call.kind === 'authentication') {
        const { authentication, call: number } = call;
        const answer = await authenticate(ports, payment, attempt, call);
        return { type: 'authenticated', authentication, call: number, answer };
      }
      if (call.kind === 'save') {
        const answer = await storeCard(ports.cards, payment, attempt).catch(() => 'unavailable' as const);
        return { type: 'saved', attempt: attempt.id, call: call.call, answer };
      }
      const { operation: id, call: number, asking } = call;
      const operation = attempt.operations.find((candidate) => candidate.id === id);
      if (operation === undefined) throw new Impossible(`no operation ${id} in ${payment.id}`);
      const outcome = await operate(ports, payment, attempt, operation, asking);
      return { type: 'outcome', operation: id, call: number, asking, outcome };
    },
  };
}

async function begun(
  { reaching }: PerformerPorts,
  payment: Payment,
  { kind: _, ...of }: Extract<Call, { kind: 'reach' }>,
): Promise<Incoming> {
  const reach = payment.reaches.find(({ id }) => id === of.reach);
  if (reach === undefined) throw new Impossible(`no reach ${of.reach} in ${payment.id}`);
  if (reaching == null) return { type: 'reach_begun', of, answer: { begun: 'impossible', why: 'not_available' } };
  const answer = await reaching.begin(payment, reach).catch(() => null);
  return { type: 'reach_begun', of, answer };
}

/** Anything thrown is `unknown`: nobody knows how far it got. */
async function operate(
  ports: PerformerPorts,
  payment: Payment,
  attempt: Attempt,
  operation: Operation,
  asking: 'perform' | 'inquire',
): Promise<InquiryOutcome> {
  const acquirer = ports.acquirers.get(attempt.acquirer);
  if (acquirer === undefined) throw new Impossible(`no acquirer named ${attempt.acquirer} is configured`);
  try {
    const call = acquirerCall(ports, payment, operation);
    if (asking === 'inquire') return await acquirer.inquire(call);
    return operation.type === 'authorize'
      ? await authorize(ports, acquirer, payment, attempt, operation, call)
      : await followUp(acquirer, payment, attempt, operation, call);
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The lease that the commit took, less the margin: a process frozen and thawed must not send late. */
function acquirerCall({ clock, leaseMarginMs }: PerformerPorts, payment: Payment, operation: Operation): AcquirerCall {
  const deadline = (operation.nextAt ?? 0) - leaseMarginMs;
  return {
    operation: operation.id,
    payment: payment.id,
    merchant: payment.merchant,
    money: { amount: operation.amount, currency: payment.currency },
    reference: operation.reference,
    deadline,
    mayStillSend: () => clock.now() < deadline,
  };
}

async function authorize(
  { vault }: PerformerPorts,
  acquirer: Acquirer,
  payment: Payment,
  attempt: Attempt,
  operation: Operation,
  call: AcquirerCall,
): Promise<InquiryOutcome> {
  const { card } = attempt;
  let opened: OpenedCard | null;
  try {
    opened = card === null ? null : await vault.openCard(card);
    // Not lost: a process that can open it takes it up at the next try.
    if (card !== null && opened?.securityCodeLost && (await vault.isHeldElsewhere(card)))
      return { outcome: 'not_sent', reason: 'held_elsewhere' };
  } catch (error) {
    // Nothing was sent, for certain: a store that is away comes back, a record that cannot be opened does not.
    return { outcome: 'not_sent', reason: error instanceof StoreFailure ? 'unreachable' : 'card_lost' };
  }
  if (opened === null) return { outcome: 'not_sent', reason: 'card_lost' };
  if (opened.securityCodeLost) return { outcome: 'not_sent', reason: 'security_code_lost' };
  return acquirer.authorize({
    ...call,
    capture: operation.variant === 'purchase',
    card: opened.card,
    authentication: attempt.authentication?.state === 'passed' ? attempt.authentication.proof : null,
    initiator: attempt.initiator,
    statementDescriptor: payment.terms.statementDescriptor,
  });
}

async function followUp(
  acquirer: Acquirer,
  payment: Payment,
  attempt: Attempt,
  operation: Operation,
  call: AcquirerCall,
): Promise<InquiryOutcome> {
  const first = attempt.operations.find(({ id }) => id === operation.follows);
  if (first === undefined) throw new Impossible(`operation ${operation.id} follows nothing`);
  const money = { amount: first.amount, currency: payment.currency };
  const followUpCall = { ...call, original: { operation: first.id, reference: first.reference, money } };
  switch (operation.type) {
    case 'capture': {
      const isPart = operation.variant === 'part';
      const ability = isPart ? acquirer.capturePart : acquirer.capture;
      return ability === undefined ? UNSUPPORTED : ability(followUpCall);
    }
    case 'void':
      return acquirer.void?.(followUpCall) ?? UNSUPPORTED;
    case 'refund':
      return acquirer.refund?.(followUpCall) ?? UNSUPPORTED;
    case 'reverse':
      return acquirer.reverse?.(followUpCall) ?? UNSUPPORTED;
    case 'authorize':
      throw new Impossible('an authorization follows nothing');
  }
}

const UNSUPPORTED: InquiryOutcome = { outcome: 'not_sent', reason: 'unsupported' };

async function authenticate(
  { clock, vault, authenticator, resultUrl, returnUrl }: PerformerPorts,
  payment: Payment,
  attempt: Attempt,
  call: Extract<Call, { kind: 'authentication' }>,
): Promise<AuthenticationAnswer> {
  const { authentication: id, asking } = call;
  const deadline = clock.now() + authenticator.deadlineMs;
  try {
    if (asking === 'inquire') return await authenticator.inquire({ authentication: id, deadline });
    const opened = attempt.card === null ? null : await vault.openCard(attempt.card);
    if (opened === null || attempt.device?.browser == null)
      return { answer: 'unavailable', reason: 'card_or_browser_lost' };
    return await authenticator.authenticate({
      authentication: id,
      card: opened.card,
      money: { amount: attempt.amount, currency: payment.currency },
      merchant: { id: payment.merchant, name: payment.terms.merchantName },
      browser: attempt.device.browser,
      deviceCheck: attempt.authentication?.deviceCheck ?? null,
      resultUrl: resultUrl(payment.id),
      returnUrl: returnUrl(payment, id),
      deadline,
    });
  } catch (error) {
    return { answer: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
  }
}
