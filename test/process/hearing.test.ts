/** An ear that misses nothing: each way of not telling an event is shown once. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEar } from './hearing.js';
import type { Receiver } from './receiver.js';
import type { Caller } from './requests.js';

const eventAt = (position: number, id = `evt_${position}`) => ({ id, position, type: 'payment.succeeded' });

let server: Server;
let caller: Caller;
let feed: { id: string; position: number }[];
const events = new Map<string, string>();
const receiver = { events, received: () => events.size, wrong: [] } as unknown as Receiver;

beforeEach(async () => {
  feed = [eventAt(1), eventAt(2)];
  events.clear();
  for (const event of feed) events.set(event.id, JSON.stringify(event));
  server = createServer((request, response) => {
    const after = Number(new URL(request.url ?? '', 'http://house').searchParams.get('after'));
    response.end(JSON.stringify({ data: feed.slice(after, after + 2) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  caller = { url: `http://127.0.0.1:${port}`, key: 'k', wrong: (sentence) => expect(sentence).toBe('never said') };
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const hear = () => createEar(caller, receiver).hearEverything(Date.now() + 50);

it('has nothing to say when everything was told', async () => {
  expect(await hear()).toEqual({ wrong: [], events: 2, received: 2 });
});

it('reads on where it ended', async () => {
  const ear = createEar(caller, receiver);
  await ear.hearEverything(Date.now());
  feed.push(eventAt(3));
  expect((await ear.hearEverything(Date.now())).wrong).toEqual(["the merchant's server was never told of evt_3"]);
  events.set('evt_3', JSON.stringify(eventAt(3)));
  expect(await ear.hearEverything(Date.now())).toMatchObject({ wrong: [], events: 3 });
});

it.each<[string, () => unknown, string]>([
  ['an event that was never told', () => events.delete('evt_2'), 'was never told of evt_2'],
  ['one that was told otherwise', () => events.set('evt_2', '{"id":"evt_2"}'), 'webhook and feed differ on evt_2'],
  ['one that is in no feed', () => events.set('evt_9', '{"id":"evt_9"}'), 'webhook and feed differ on evt_9'],
  ['a hole in the feed', () => feed.splice(1, 1, eventAt(3)), 'the feed has 3 in the place of 2'],
  ['one that is in the feed twice', () => feed.push(eventAt(3, 'evt_1')), 'the feed has evt_1 twice'],
])('finds %s', async (_, harm, sentence) => {
  harm();
  expect((await hear()).wrong.join('\n')).toContain(sentence);
});
