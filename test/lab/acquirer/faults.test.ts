import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEST_CARDS } from '../../../src/lab/acquirer/cards.js';
import { authorizeCallOf, followUpOf, portOf } from '../../contract/acquirer.js';
import { CREDENTIAL, cardOf, type SandboxWorld, sandboxWorld } from './support.js';

/** Every fault through the connector: what the caller is told, and what the ledger says was really done. */

const numberOf = (outcome: string) => TEST_CARDS.find((card) => card.outcome === outcome)?.number ?? 'none';

let world: SandboxWorld;
beforeEach(async () => {
  world = await sandboxWorld();
});
afterEach(() => world.close());

const callFor = (outcome: string) => authorizeCallOf(world.clock.now(), cardOf(numberOf(outcome)));
/** Calls made after the clock was moved need a deadline of their own. */
const fresh = <T extends { deadline: number }>(call: T): T => ({ ...call, deadline: world.clock.now() + 3_000 });
const inquire = (call: Parameters<SandboxWorld['acquirer']['inquire']>[0]) => world.acquirer.inquire(fresh(call));

describe('faults by card', () => {
  it('slow: approved, but answered after the deadline', async () => {
    const call = callFor('slow');
    const outcome = world.acquirer.authorize(call);
    await world.clock.waitedFor(world.clock.now() + 4_000);
    world.clock.advance(3_000);
    expect(await outcome).toEqual({ outcome: 'unknown', reason: 'deadline' });
    expect(await inquire(call)).toMatchObject({ outcome: 'approved' });
  });

  it('slow: answered late to those who wait', async () => {
    const call = { ...callFor('slow'), deadline: world.clock.now() + 10_000 };
    const outcome = world.acquirer.authorize(call);
    await world.clock.waitedFor(world.clock.now() + 4_000);
    world.clock.advance(4_000);
    expect(await outcome).toMatchObject({ outcome: 'approved' });
  });

  it('lost request: nothing recorded, and the repeat gets through', async () => {
    const call = callFor('lost_request');
    expect((await world.acquirer.authorize(call)).outcome).toBe('unknown');
    expect(await inquire(call)).toEqual({ outcome: 'not_found' });
    expect((await world.acquirer.authorize(call)).outcome).toBe('approved');
  });

  it.each(['lost_answer', 'garbage'])('%s: approved, and the caller does not know', async (outcome) => {
    const call = callFor(outcome);
    expect((await world.acquirer.authorize(call)).outcome).toBe('unknown');
    expect(await inquire(call)).toMatchObject({ outcome: 'approved', money: call.money });
    expect(await world.acquirer.authorize(call)).toMatchObject({ outcome: 'approved' });
    expect(await world.ledger(call.payment)).toHaveLength(1);
  });

  it('late approval: not found, then approved within the horizon', async () => {
    const call = callFor('late_approval');
    expect((await world.acquirer.authorize(call)).outcome).toBe('unknown');
    expect(await inquire(call)).toEqual({ outcome: 'not_found' });
    expect((await world.acquirer.authorize(fresh(call))).outcome).toBe('unknown');
    world.clock.advance(world.acquirer.horizonMs);
    expect(await inquire(call)).toMatchObject({ outcome: 'approved' });
  });

  it('late approval: a reversal that comes before holds', async () => {
    const call = callFor('late_approval');
    await world.acquirer.authorize(call);
    expect((await world.acquirer.reverse?.(followUpOf(call)))?.outcome).toBe('approved');
    world.clock.advance(world.acquirer.horizonMs);
    expect(await inquire(call)).toMatchObject({ outcome: 'reversed' });
  });

  it('ignores an early reversal: only one that comes after the approval, a repeat too, takes the money back', async () => {
    const call = callFor('ignores_early_reversal');
    const reversal = followUpOf(call);
    await world.acquirer.authorize(call);
    expect((await world.acquirer.reverse?.(reversal))?.outcome).toBe('approved');
    world.clock.advance(world.acquirer.horizonMs);
    expect(await inquire(call)).toMatchObject({ outcome: 'approved' });
    expect((await world.acquirer.reverse?.(fresh(reversal)))?.outcome).toBe('approved');
    expect(await inquire(call)).toMatchObject({ outcome: 'reversed' });
  });

  it('wrong amount: the approval says what was really approved', async () => {
    const call = callFor('wrong_amount');
    const money = { amount: call.money.amount + 100, currency: 'EUR' };
    expect(await world.acquirer.authorize(call)).toMatchObject({ outcome: 'approved', money });
    expect(await inquire(call)).toMatchObject({ outcome: 'approved', money });
    expect(await world.ledger(call.payment)).toMatchObject([{ authorized: money.amount }]);
  });

  it('down: nothing done, nothing understood', async () => {
    const call = callFor('down');
    for (const _ of [1, 2]) {
      expect(await world.acquirer.authorize(call)).toEqual({ outcome: 'unknown', reason: 'status_503' });
    }
    expect(await inquire(call)).toEqual({ outcome: 'not_found' });
  });

  it.each([
    ['pending', 'approved'],
    ['pending_then_declined', 'declined'],
  ])('%s: later %s', async (card, later) => {
    const call = callFor(card);
    expect(await world.acquirer.authorize(call)).toEqual({
      outcome: 'pending',
      reference: expect.stringMatching(/^sbx_/),
    });
    expect((await inquire(call)).outcome).toBe('pending');
    expect((await world.acquirer.capture?.(followUpOf(call)))?.outcome).toBe('declined');
    world.clock.advance(world.acquirer.horizonMs);
    expect((await inquire(call)).outcome).toBe(later);
  });
});

describe('programmed faults', () => {
  const program = (fault: object) => world.post('/faults', fault);

  it.each([
    ['capture', 'declined', 'declined'],
    ['capture', 'lost_request', 'unknown'],
    ['capture', 'lost_answer', 'unknown'],
    ['capture', 'down', 'unknown'],
    ['void', 'declined', 'declined'],
    ['void', 'garbage', 'unknown'],
    ['capture', 'pending', 'pending'],
    ['reverse', 'declined', 'declined'],
    ['reverse', 'lost_answer', 'unknown'],
  ] as const)('%s, %s: %s, once', async (operation, fault, expected) => {
    const call = callFor('approved');
    await world.acquirer.authorize(call);
    expect((await program({ operation, fault })).status).toBe(201);
    const first = { ...followUpOf(call, 1), operation: `opn_${operation}_${fault}` };
    expect((await world.acquirer[operation]?.(first))?.outcome).toBe(expected);
    expect((await world.acquirer[operation]?.(followUpOf(call, 1)))?.outcome).toBe('approved');
  });

  it('happen as often as asked, to the payment that was named', async () => {
    const [one, other] = [callFor('approved'), callFor('approved')];
    await program({ operation: 'inquire', fault: 'down', count: 2, payment: one.payment });
    await world.acquirer.authorize(one);
    await world.acquirer.authorize(other);
    expect((await inquire(one)).outcome).toBe('unknown');
    expect((await inquire(other)).outcome).toBe('approved');
    expect((await inquire(one)).outcome).toBe('unknown');
    expect((await inquire(one)).outcome).toBe('approved');
  });

  it('forget a reversal that comes before its original', async () => {
    const call = callFor('approved');
    await program({ operation: 'reverse', fault: 'ignores_early_reversal' });
    const reversal = followUpOf(call);
    expect((await world.acquirer.reverse?.(reversal))?.outcome).toBe('approved');
    expect((await world.acquirer.authorize(call)).outcome).toBe('approved');
    expect((await world.acquirer.reverse?.(reversal))?.outcome).toBe('approved');
    expect((await inquire(call)).outcome).toBe('reversed');
  });

  it.each([
    {},
    { operation: 'authorize' },
    { operation: 'authorize', fault: 'explode' },
    { operation: 'steal', fault: 'slow' },
    { operation: 'authorize', fault: 'slow', count: 0 },
    { operation: 'authorize', fault: 'slow', count: 1.5 },
    null,
    'slow',
  ])('refuses %j', async (fault) => {
    expect((await world.post('/faults', fault)).status).toBe(400);
  });
});

describe('notifications', () => {
  it('tell of a pending operation when it is approved, and twice of a duplicate, signed', async () => {
    const got: { headers: Record<string, string | string[] | undefined>; body: Buffer }[] = [];
    let arrived = () => {};
    const ours = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        got.push({ headers: request.headers, body: Buffer.concat(chunks) });
        response.end();
        arrived();
      });
    });
    const port = await new Promise<number>((resolve) => {
      ours.listen(0, '127.0.0.1', () => resolve(portOf(ours.address())));
    });
    const untilGot = (count: number) =>
      new Promise<void>((resolve) => {
        arrived = () => got.length >= count && resolve();
        arrived();
      });
    const notified = await sandboxWorld({ notificationUrl: `http://127.0.0.1:${port}/` });
    const pending = authorizeCallOf(notified.clock.now(), cardOf(numberOf('pending')));
    await notified.acquirer.authorize(pending);
    notified.clock.advance(4_000);
    await untilGot(1);
    const duplicate = {
      ...authorizeCallOf(notified.clock.now(), cardOf(numberOf('duplicate'))),
      deadline: notified.clock.now() + 3_000,
    };
    expect((await notified.acquirer.authorize(duplicate)).outcome).toBe('approved');
    await untilGot(3);

    const read = got.map(({ headers, body }) => notified.acquirer.readNotification(headers, body));
    const tells = ({ payment, operation }: typeof pending) => ({ payment, operation });
    expect(read).toEqual([tells(pending), tells(duplicate), tells(duplicate)]);
    const [first] = got;
    if (first === undefined) throw new Error('no notification');
    const forged = Buffer.from(first.body.toString().replace('approved', 'declined'));
    expect(notified.acquirer.readNotification(first.headers, forged)).toBeNull();
    expect(notified.acquirer.readNotification({}, first.body)).toBeNull();
    expect(notified.acquirer.readNotification({ 'sandbox-signature': CREDENTIAL }, first.body)).toBeNull();
    await notified.close();
    ours.closeAllConnections();
    await new Promise((resolve) => ours.close(resolve));
  });
});
