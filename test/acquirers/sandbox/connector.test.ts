import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { DECLINES } from '../../../src/acquirers/sandbox/declines.js';
import { authorizeCallOf, portOf, proveAcquirer } from '../../contract/acquirer.js';
import { cardOf, connectorAt, sandboxWorld } from '../../lab/acquirer/support.js';

const card = cardOf('4242 4242 4242 4242');

proveAcquirer('sandbox', async () => {
  const world = await sandboxWorld();
  return { acquirer: world.acquirer, card, now: () => world.clock.now(), close: world.close, at: connectorAt };
});

/** Answers of a server that is not, or not quite, the sandbox. */
describe('what the connector does not understand', () => {
  let close = async () => {};
  afterEach(() => close());

  async function against(listener: RequestListener) {
    const server = createServer(listener);
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())));
    });
    close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return connectorAt(`http://127.0.0.1:${port}`);
  }

  const call = authorizeCallOf(Date.now(), card);
  const soon = () => ({ ...call, deadline: Date.now() + 3_000 });
  const approval = {
    operation: call.operation,
    type: 'authorize',
    status: 'approved',
    reference: 'sbx_1',
    amount: call.money.amount,
    currency: 'EUR',
    authorization_code: 'A12345',
    captured: false,
    hold_until: null,
    code: null,
    acquirer_code: null,
  };
  const unknown = { outcome: 'unknown' };

  it.each<[string, object, object]>([
    ['a right approval', approval, { outcome: 'approved', reference: 'sbx_1', authorizationCode: 'A12345' }],
    ['the echo of another operation', { ...approval, operation: 'opn_other' }, unknown],
    ['the echo of another type', { ...approval, type: 'refund' }, unknown],
    ['an approval without a reference', { ...approval, reference: '' }, unknown],
    ['an amount in text', { ...approval, amount: '4250' }, unknown],
    ['an amount with a fraction', { ...approval, amount: 42.5 }, unknown],
    ['no currency', { ...approval, currency: null }, unknown],
    ['a status of its own', { ...approval, status: 'maybe' }, unknown],
    ['a captured that is not a boolean', { ...approval, captured: 'false' }, unknown],
    ['an empty object', {}, unknown],
    ['a list', [approval], unknown],
    [
      'another amount, which is for others to judge',
      { ...approval, amount: 1 },
      { outcome: 'approved', money: { amount: 1, currency: 'EUR' } },
    ],
    ['a decline code nobody knows', { ...approval, status: 'declined', code: 'moon_phase' }, { outcome: 'pending' }],
    ['a decline without a code', { ...approval, status: 'declined' }, { outcome: 'pending', reference: 'sbx_1' }],
    [
      'a decline code that is a property of objects',
      { ...approval, status: 'declined', code: 'toString' },
      { outcome: 'pending' },
    ],
  ])('%s', async (_, answer, expected) => {
    const acquirer = await against((_request, response) => response.end(JSON.stringify(answer)));
    expect(await acquirer.authorize(soon())).toMatchObject(expected);
  });

  it.each([201, 204, 301, 400, 401, 403, 404, 422, 429, 500, 502, 503])('status %i', async (status) => {
    const acquirer = await against((_request, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end(status === 204 ? '' : JSON.stringify(approval));
    });
    expect(await acquirer.authorize(soon())).toEqual({ outcome: 'unknown', reason: `status_${status}` });
    expect((await acquirer.inquire(soon())).outcome).toBe('unknown');
  });

  it('an answer without end', async () => {
    const acquirer = await against((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await acquirer.authorize(soon())).toEqual({ outcome: 'unknown', reason: 'answer_too_large' });
  });

  it('a redirect is not followed', async () => {
    let asked = 0;
    const acquirer = await against((_request, response) => {
      asked += 1;
      response.writeHead(307, { location: '/authorizations' }).end();
    });
    expect((await acquirer.authorize(soon())).outcome).toBe('unknown');
    expect(asked).toBe(1);
  });

  it('a kept connection that the other side closes under the request is not used twice in silence', async () => {
    let asked = 0;
    const acquirer = await against((request, response) => {
      asked += 1;
      if (asked > 1) request.socket.destroy();
      else response.end(JSON.stringify(approval));
    });
    expect((await acquirer.authorize(soon())).outcome).toBe('approved');
    expect((await acquirer.authorize(soon())).outcome).toBe('unknown');
    expect(asked).toBe(2);
  });

  it('has words and advice for every decline', () => {
    for (const [code, { acquirerCode, advice }] of Object.entries(DECLINES)) {
      expect(code).toMatch(/^[a-z_]+$/);
      expect(acquirerCode.length).toBeGreaterThanOrEqual(2);
      expect(['retry', 'other_instrument', 'other_channel', 'stop']).toContain(advice);
    }
  });
});

it('asks for the lease when the connection is there, right before it writes', async () => {
  const world = await sandboxWorld();
  let asked = 0;
  const mayStillSend = () => {
    asked += 1;
    return asked > 1;
  };
  const call = authorizeCallOf(world.clock.now(), card, { mayStillSend });
  expect(await world.acquirer.authorize(call)).toEqual({ outcome: 'not_sent', reason: 'lease_over' });
  expect(await world.ledger(call.payment)).toEqual([]);
  expect((await world.acquirer.authorize(call)).outcome).toBe('approved');
  expect(asked).toBe(2);
  const { url } = world.sandbox;
  await world.close();
  const nowhere = await connectorAt(url).authorize({ ...call, deadline: Date.now() + 3_000 });
  expect(nowhere).toEqual({ outcome: 'not_sent', reason: 'unreachable' });
  expect(asked).toBe(2);
});

it('sends nothing after its deadline', async () => {
  const world = await sandboxWorld();
  const call = { ...authorizeCallOf(world.clock.now(), card), deadline: world.clock.now() - 1 };
  expect((await world.acquirer.authorize(call)).outcome).toBe('not_sent');
  expect(await world.ledger(call.payment)).toEqual([]);
  await world.close();
});

it.each(['not an address', 'http://host.invalid:1', 'ftp://127.0.0.1'])('was not sent to %s', async (url) => {
  const call = authorizeCallOf(Date.now(), card);
  expect((await connectorAt(url).authorize(call)).outcome).toBe('not_sent');
});
