import type { Counter } from '../contracts/channel.js';
import type { Attempt, Payment } from '../contracts/payment.js';
import type { CounterPorts } from './ports.js';

interface Begun {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly generation: number;
}

/**
 * How a browser comes back from its issuer. The address it comes back to passes through the hands of directory server and
 * issuer, so it is no page token: it names an authentication, and who has it may cause a look at the result. The page
 * itself opens only to the device that began the challenge.
 */
export function createReturns({ engine, signing }: CounterPorts): Pick<Counter, 'returned' | 'comeBack'> {
  async function find(capability: string): Promise<Begun | null> {
    const named = signing.readReturnCapability(capability);
    const payment = named === null ? null : await engine.load(named.payment);
    const attempt = payment?.attempts.find(({ authentication }) => authentication?.id === named?.authentication);
    if (named === null || payment === null || attempt === undefined) return null;
    return { payment, attempt, generation: named.generation };
  }

  return {
    async returned(capability, answered, { channel, device, browser }) {
      const begun = await find(capability);
      const open = begun?.attempt.prompt ?? null;
      const isChallenge = open?.prompt.kind === 'follow' && open.prompt.purpose === 'challenge';
      const isAwaited = isChallenge && (answered === null || answered === open.id);
      if (begun === null || !isAwaited) return { taken: false, because: 'stale' };
      const reply = { type: 'returned', prompt: open.id, channel, device, browser } as const;
      const { applied } = await engine.reply(begun.payment.id, reply);
      return applied ? { taken: true } : { taken: false, because: 'stale' };
    },

    async comeBack(capability, device) {
      const begun = await find(capability);
      if (begun === null) return null;
      const { payment, attempt, generation } = begun;
      const isOwn = device !== null && attempt.device?.id === device;
      // Links revoked since then stay revoked, for this device too.
      const isCurrent = payment.generation === generation;
      return { token: isOwn && isCurrent ? signing.pageToken(payment.id, generation) : null };
    },
  };
}
