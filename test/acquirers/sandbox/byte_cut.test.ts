import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authorizeCallOf, portOf } from '../../contract/acquirer.js';
import { cardOf, connectorAt, type SandboxWorld, sandboxWorld } from '../../lab/acquirer/support.js';

/**
 * The connection is cut after every single byte of the request and of the answer. What the caller says must never be
 * more than it knows: approved only when the whole answer came, declined and not sent never.
 */

interface Cut {
  readonly direction: 'request' | 'answer';
  readonly after: number;
}

let world: SandboxWorld;
let cut: Cut | null = null;
let passed = { request: 0, answer: 0 };
let reached = 0;
const proxy = createServer((client) => {
  reached += 1;
  const server = connect(Number(new URL(world.sandbox.url).port), '127.0.0.1');
  const drop = () => {
    client.destroy();
    server.destroy();
  };
  pass(client, server, 'request', drop);
  pass(server, client, 'answer', drop);
});

function pass(from: Socket, to: Socket, direction: Cut['direction'], drop: () => void): void {
  const limit = cut?.direction === direction ? cut.after : Number.POSITIVE_INFINITY;
  let count = 0;
  from.on('data', (chunk) => {
    const allowed = chunk.subarray(0, Math.max(0, limit - count));
    count += chunk.length;
    passed = { ...passed, [direction]: count };
    // The last bytes are delivered before the connection goes.
    if (count <= limit) to.write(allowed);
    else if (allowed.length > 0) to.end(allowed, drop);
    else drop();
  });
  from.on('close', drop);
  from.on('error', drop);
}

beforeAll(async () => {
  world = await sandboxWorld();
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => proxy.close(resolve));
  await world.close();
});

const card = cardOf('4242 4242 4242 4242');
const call = () => authorizeCallOf(Date.now(), card, { payment: 'pay_cut', merchant: 'mer_cut' });

/** One authorization over a fresh connection, which is cut as planned. */
async function authorizeCutting(plan: Cut | null, asked = call()) {
  cut = plan;
  passed = { request: 0, answer: 0 };
  const fresh = connectorAt(`http://127.0.0.1:${portOf(proxy.address())}`);
  const outcome = await fresh.authorize({ ...asked, deadline: Date.now() + 3_000 });
  fresh.close();
  return outcome;
}

it('is unknown whatever byte of the request is the last, and nothing is booked', async () => {
  await authorizeCutting(null);
  const length = passed.request;
  expect(length).toBeGreaterThan(300);
  const asked = call();
  for (let after = 0; after < length; after += 1) {
    const outcome = await authorizeCutting({ direction: 'request', after }, asked);
    expect([after, outcome.outcome]).toEqual([after, 'unknown']);
  }
  expect(await world.acquirer.inquire({ ...asked, deadline: world.clock.now() + 3_000 })).toEqual({
    outcome: 'not_found',
  });
});

it('is unknown whatever byte of the answer is the last, though it was approved', async () => {
  const asked = call();
  await authorizeCutting(null, asked);
  const length = passed.answer;
  expect(length).toBeGreaterThan(300);
  for (let after = 0; after < length; after += 1) {
    const outcome = await authorizeCutting({ direction: 'answer', after }, asked);
    expect([after, outcome.outcome]).toEqual([after, 'unknown']);
  }
  expect((await authorizeCutting({ direction: 'answer', after: length }, asked)).outcome).toBe('approved');
});

it('made a connection for each of them', () => {
  expect(reached).toBeGreaterThan(600);
});
