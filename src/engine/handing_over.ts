import type { Handover } from '../contracts/jobs.js';
import type { Operation, Payment } from '../contracts/payment.js';
import type { Vault } from '../contracts/vault.js';

export interface HandingOverPorts {
  /** Null where the committing process sends: then nothing ever waits for a worker. */
  readonly handover: Handover | null;
  readonly vault: Pick<Vault, 'openCard' | 'dropSecurityCode' | 'holdsAlone'>;
  claim(id: string): Promise<Payment | null>;
  troubled(id: string, error: unknown): Promise<void>;
}

/**
 * What a process that does not send does with what it has committed: tells a worker, or does the worker's part itself where
 * none can be told. Resolves with the newest payment it knows when its own part is done; never throws.
 */
export function createHandingOver(ports: HandingOverPorts): (payment: Payment) => Promise<Payment> {
  const { handover, vault } = ports;

  async function isTaken(payment: Payment, cards: readonly string[]): Promise<boolean> {
    // A code that was sealed to nobody is sent from here, or by nobody.
    if (cards.some(vault.holdsAlone) || !(await handover?.offer(payment.id))) return false;
    for (const token of cards) vault.dropSecurityCode(token);
    return true;
  }

  /** Whose code only workers can open stays theirs: they find it in the store. */
  async function couldSend(cards: readonly string[]): Promise<boolean> {
    const opened = await Promise.all(cards.map(vault.openCard));
    return opened.every((card) => card === null || !card.securityCodeLost);
  }

  return async (payment) => {
    const cards = cardsThatWait(payment);
    try {
      if ((await isTaken(payment, cards)) || !(await couldSend(cards))) return payment;
      return (await ports.claim(payment.id)) ?? payment;
    } catch (error) {
      await ports.troubled(payment.id, error);
      return payment;
    }
  };
}

/** How long what is due is left to whoever can send it. A release that does not know the payment's flow lives and never does. */
const HOLDERS_TURN_MS = 10_000;

/**
 * True while what is to be sent can only be sent by another process that lives, and has its turn: who takes it up here would
 * lose a code that is not lost.
 */
export async function waitsForAnother(
  payment: Payment,
  vault: Pick<Vault, 'isHeldElsewhere'>,
  now: number,
): Promise<boolean> {
  const isItsTurn = ({ status, nextAt }: Operation): boolean =>
    (status === 'waiting' || status === 'not_sent') && nextAt !== null && now < nextAt + HOLDERS_TURN_MS;
  const cards = cardsOf(payment, isItsTurn);
  return (await Promise.all(cards.map(vault.isHeldElsewhere))).includes(true);
}

/** Cards that are sent by whoever takes up what waits. */
function cardsThatWait(payment: Payment): string[] {
  return cardsOf(payment, ({ status }) => status === 'waiting');
}

function cardsOf({ attempts }: Payment, isMeant: (operation: Operation) => boolean): string[] {
  return attempts.flatMap(({ card, operations }) => {
    const isNeeded = operations.some((own) => own.type === 'authorize' && own.settledAt === null && isMeant(own));
    return isNeeded && card !== null ? [card] : [];
  });
}
