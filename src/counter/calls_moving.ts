import type { CallDesk } from '../contracts/calls.js';
import { triesOf } from '../contracts/open_payment.js';
import type { Attempt, Payment } from '../contracts/payment.js';
import type { CallPorts } from './call_ports.js';
import type { CounterGuards } from './guards.js';

/**
 * Whether a call may leave what was begun, to begin anew with a card that is keyed. Whoever has a bill may call about it: so
 * that nobody keeps a payer from their bank, or uses up the tries of a payment, another device's attempt is left by telephone
 * a few times at most, and never the last one that the payment has. After that callers are given the link.
 */
export function createMoving(
  { engine, signing }: Pick<CallPorts, 'engine' | 'signing'>,
  guards: CounterGuards,
  find: (id: string) => Promise<Payment | null>,
) {
  const begunIn = ({ attempts }: Payment): Attempt | undefined => attempts.find(({ prompt }) => prompt !== null);
  const hasAnotherTry = (payment: Payment): boolean => triesOf(payment) < payment.terms.attemptsMax;

  /** Where nothing was begun there is nothing to leave. */
  async function mayBeginAnew(payment: Payment, device: string): Promise<boolean> {
    const begun = begunIn(payment);
    if (begun === undefined) return true;
    if (!hasAnotherTry(payment)) return false;
    return begun.device?.id === device || (await guards.leavesRoomForLeaving(payment.id));
  }

  const leave: CallDesk['leave'] = async (id, prompt, { call, language, isNew }) => {
    const device = signing.deviceHash(call);
    const payment = await find(id);
    const begun = payment === null ? undefined : begunIn(payment);
    if (payment === null || begun?.prompt?.id !== prompt || !hasAnotherTry(payment)) return;
    const isOwn = begun.device?.id === device;
    if (!isOwn && !(await (isNew ? guards.admitsLeaving(id) : guards.hasAdmittedLeaving(id)))) return;
    await engine.reply(id, { type: 'leave', prompt, channel: 'ivr', device, browser: null, language });
  };

  return { mayBeginAnew, leave };
}
