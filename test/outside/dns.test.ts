import { createSocket } from 'node:dgram';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveByDns } from '../../src/outside/agents.js';
import { createWorld, receiver } from '../notify/world.js';

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** A name server on loopback that leads every name to 127.0.0.1 and has no IPv6 addresses. */
async function nameServer(): Promise<{ address: string; asked: number[] }> {
  const asked: number[] = [];
  const socket = createSocket('udp4', (query, from) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const type = question.readUInt16BE(question.length - 4);
    asked.push(type);
    const answers = type === TYPE_A ? 1 : 0;
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    [1, answers, 0, 0].forEach((count, index) => void header.writeUInt16BE(count, 4 + 2 * index));
    const answer = Buffer.from([0xc0, 0x0c, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1]);
    socket.send(Buffer.concat([header, question, ...(answers ? [answer] : [])]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, asked };
}

describe('a name server', () => {
  it('is asked for both kinds of addresses, and one kind is enough', async () => {
    const { address, asked } = await nameServer();
    expect(await resolveByDns([address])('shop.example.com')).toEqual(['127.0.0.1']);
    expect(asked.sort((a, b) => a - b)).toEqual([TYPE_A, TYPE_AAAA]);
  });

  it('that leads a public name to loopback gets no connection', async () => {
    const trap = await receiver();
    const { address } = await nameServer();
    const { webhooks, store, deliveries } = createWorld({ resolve: resolveByDns([address]) });
    const owner = { merchant: 'mer_real', mode: 'live' } as const;
    const url = `https://shop.example.com:${trap.port}/`;
    const { endpoint } = await webhooks.endpoints.create({
      ...owner,
      url,
      events: [],
      description: null,
      request: null,
    });
    store.append({ ...owner, type: 'payment.succeeded' });
    await webhooks.sweep();
    await webhooks.idle();
    expect(await deliveries(endpoint)).toMatchObject([{ lastError: 'address_not_allowed' }]);
    expect(trap.connections()).toBe(0);
  });
});
