import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Acquirer, AuthorizeCall, Call, CardData, FollowUpCall, Outcome } from '../../src/contracts/acquirer.js';

/**
 * What every acquirer must keep, whoever it is: identities, reversals, amounts, deadlines. An ability it does not
 * have is not asked for.
 */
export interface AcquirerUnderTest {
  readonly acquirer: Acquirer;
  /** A card that is approved. */
  readonly card: CardData;
  /** Milliseconds since the epoch, on the acquirer's own clock. */
  now(): number;
  close(): Promise<void>;
  /** For acquirers that are reached over a network: the same connector, another address and a real clock. */
  readonly at?: (url: string) => Acquirer;
}

let counter = 0;
const EUR = (amount: number) => ({ amount, currency: 'EUR' });

export function callOf(now: number, amount = 4_250): Call {
  counter += 1;
  return {
    operation: `opn_contract_${process.pid}_${counter}`,
    payment: `pay_contract_${counter}`,
    merchant: 'mer_contract',
    money: EUR(amount),
    reference: null,
    deadline: now + 3_000,
    mayStillSend: () => true,
  };
}

export function authorizeCallOf(now: number, card: CardData, more: Partial<AuthorizeCall> = {}): AuthorizeCall {
  return {
    ...callOf(now),
    capture: false,
    card,
    authentication: null,
    initiator: 'holder',
    statementDescriptor: null,
    ...more,
  };
}

export function followUpOf(original: AuthorizeCall, amount = original.money.amount): FollowUpCall {
  const { operation, money, payment } = original;
  return { ...callOf(original.deadline - 3_000, amount), payment, original: { operation, money, reference: null } };
}

function referenceOf(outcome: Outcome): string {
  if (outcome.outcome !== 'approved') throw new Error(`not approved: ${JSON.stringify(outcome)}`);
  return outcome.reference;
}

export function proveAcquirer(name: string, make: () => Promise<AcquirerUnderTest>): void {
  describe(`the acquirer ${name}`, () => {
    let under: AcquirerUnderTest;
    let acquirer: Acquirer;
    beforeAll(async () => {
      under = await make();
      acquirer = under.acquirer;
    });
    afterAll(() => under.close());

    const authorized = async (more: Partial<AuthorizeCall> = {}) => {
      const call = authorizeCallOf(under.now(), under.card, more);
      const reference = referenceOf(await acquirer.authorize(call));
      return { call, reference };
    };

    it('approves exactly what was asked', async () => {
      const outcome = await acquirer.authorize(authorizeCallOf(under.now(), under.card, { money: EUR(1_999) }));
      expect(outcome).toMatchObject({ outcome: 'approved', money: EUR(1_999) });
    });

    it('answers a repeated identity the same', async () => {
      const { call, reference } = await authorized();
      expect(referenceOf(await acquirer.authorize(call))).toBe(reference);
      expect(await acquirer.inquire(call)).toMatchObject({ outcome: 'approved', reference, money: call.money });
    });

    it('does not find what it never got', async () => {
      expect(await acquirer.inquire(callOf(under.now()))).toEqual({ outcome: 'not_found' });
    });

    it('writes nothing when the lease is over', async () => {
      const call = authorizeCallOf(under.now(), under.card, { mayStillSend: () => false });
      expect(await acquirer.authorize(call)).toEqual({ outcome: 'not_sent', reason: 'lease_over' });
      expect(await acquirer.inquire({ ...call, mayStillSend: () => true })).toEqual({ outcome: 'not_found' });
    });

    it('takes the money at once where it says so', async () => {
      if (!acquirer.purchase) return;
      const call = authorizeCallOf(under.now(), under.card, { capture: true });
      expect(await acquirer.authorize(call)).toMatchObject({ outcome: 'approved', captured: true });
      const tooMuch = await acquirer.refund?.(followUpOf(call, call.money.amount + 1));
      if (tooMuch !== undefined) expect(tooMuch).toMatchObject({ outcome: 'declined' });
      const refund = await acquirer.refund?.(followUpOf(call));
      if (refund !== undefined) expect(refund).toMatchObject({ outcome: 'approved', money: call.money });
    });

    it('never captures more than was authorized, nor refunds more than was captured', async () => {
      const { capturePart, void: release, refund } = acquirer;
      if (!capturePart || !release || !refund) return;
      const { call } = await authorized({ money: EUR(1_000) });
      const steps: [(call: FollowUpCall) => Promise<Outcome>, number, Outcome['outcome']][] = [
        [refund, 1, 'declined'],
        [capturePart, 600, 'approved'],
        [capturePart, 401, 'declined'],
        [capturePart, 100, 'approved'],
        [refund, 701, 'declined'],
        [refund, 700, 'approved'],
        [refund, 1, 'declined'],
        [release, 301, 'declined'],
        [release, 300, 'approved'],
        [capturePart, 1, 'declined'],
      ];
      for (const [step, amount, expected] of steps) {
        expect([amount, (await step(followUpOf(call, amount))).outcome]).toEqual([amount, expected]);
      }
    });

    it('captures once however often the capture is repeated', async () => {
      if (!acquirer.capture) return;
      const { call } = await authorized({ money: EUR(1_000) });
      const capture = followUpOf(call, 600);
      const first = await acquirer.capture(capture);
      expect(first).toMatchObject({ outcome: 'approved', money: EUR(600) });
      expect(await acquirer.capture(capture)).toEqual(first);
      expect(await acquirer.inquire(capture)).toEqual(first);
      expect(await acquirer.capture(followUpOf(call, 401))).toMatchObject({ outcome: 'declined' });
    });

    it('reverses what it approved', async () => {
      if (!acquirer.reverse) return;
      const { call } = await authorized();
      const reversal = followUpOf(call);
      expect(await acquirer.reverse(reversal)).toMatchObject({ outcome: 'approved' });
      expect(await acquirer.reverse(reversal)).toMatchObject({ outcome: 'approved' });
      expect(await acquirer.inquire(call)).toMatchObject({ outcome: 'reversed' });
      expect((await acquirer.authorize(call)).outcome).toBe('declined');
      if (acquirer.capture) expect((await acquirer.capture(followUpOf(call))).outcome).toBe('declined');
    });

    it('refuses what was reversed before it arrived', async () => {
      if (!acquirer.reverse) return;
      const call = authorizeCallOf(under.now(), under.card);
      expect(await acquirer.reverse(followUpOf(call))).toMatchObject({ outcome: 'approved' });
      expect(await acquirer.inquire(call)).toMatchObject({ outcome: 'reversed' });
      expect((await acquirer.authorize(call)).outcome).toBe('declined');
    });

    it('was not sent when nobody listens, and says nothing of the operation when it asks', async () => {
      if (!under.at) return;
      const nowhere = under.at(`http://127.0.0.1:${await freePort()}`);
      const call = authorizeCallOf(Date.now(), under.card);
      expect(await nowhere.authorize(call)).toEqual({ outcome: 'not_sent', reason: 'unreachable' });
      expect((await nowhere.inquire(call)).outcome).toBe('unknown');
    });

    it('keeps its deadline with one who listens and never answers', async () => {
      if (!under.at) return;
      const silent = createTcpServer(() => {});
      const port = await new Promise<number>((resolve) => {
        silent.listen(0, '127.0.0.1', () => resolve(portOf(silent.address())));
      });
      const began = Date.now();
      const call = { ...authorizeCallOf(began, under.card), deadline: began + 60 };
      expect((await under.at(`http://127.0.0.1:${port}`).authorize(call)).outcome).toBe('unknown');
      expect(Date.now() - began).toBeLessThan(1_500);
      silent.close();
    });
  });
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function portOf(address: unknown): number {
  return typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;
}
