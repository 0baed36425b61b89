/** Calls of operators that are unsigned, stale, replayed or altered: they change nothing. */
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Screen, TvOpening } from '../../src/contracts/television.js';
import { signedHeaders } from '../../src/notify/signature.js';
import { askSigned, CONTACTS, householdOf, makeOperator, nextMessage, openedForOperator, PATH } from './operators.js';
import { at, textAt } from './world.js';

const SCREEN: Screen = {
  ...{ id: 'start', kind: 'choose', title: 'Pay', text: 'Pay', speech: 'Pay', language: 'en', merchant: 'Shop' },
  ...{ amount_text: '€1', options: [], focus: null, entry: null, handover: null, expires_in: 60 },
  ...{ status: 'requires_payment_method', version: 1 },
};

describe('what is not signed for this, now, and for the first time', () => {
  /** Every call of an operator, with a body it would take. */
  const CALLS = [
    ['PUT', PATH, { account: 'home-7', email: 'eve@example.org' }],
    ['POST', `${PATH}/sessions`, { account: 'home-7', purpose: 'manage' }],
    ['POST', '/tv/devices', { device: 'box-1', account: 'home-7' }],
    ['POST', '/tv/sessions', { device: { id: 'box-1' }, payment: 'pay_1', account: 'home-7' }],
    ['GET', PATH, undefined],
    ['DELETE', '/tv/devices/ID', undefined],
    // The last: it leaves nothing for the others.
    ['POST', `${PATH}/erase`, { account: 'home-7', erase: true }],
  ] as const;

  async function scene() {
    const opened: TvOpening[] = [];
    const all = await openedForOperator({
      open: async (_by, opening) => {
        opened.push(opening);
        return { session: 'k.session', screen: SCREEN, pollInterval: 5, isNew: true };
      },
      look: async () => null,
      press: async () => null,
    });
    const { world, ask, operator } = all;
    await ask('PUT', PATH, CONTACTS);
    await ask('PUT', '/tv/payers/home-8', { account: 'home-8', email: 'neighbour@example.org' });
    const key = textAt(await ask('POST', '/tv/devices', { device: 'box-0' }), 'id');
    const state = async () => [
      await householdOf(world, operator.id),
      await world.store.payers.byAccount(operator.id, 'test', 'home-8'),
      await world.store.deviceKeys.load(key),
      await world.store.deviceKeys.ofDevice(operator.id, 'test', 'box-1'),
      world.links.length,
      opened.length,
    ];
    const calls = CALLS.map(([method, path, body]) => [method, path.replace('ID', key), body] as const);
    return { ...all, state, calls };
  }

  it('changes nothing when it is unsigned, stale, or signed with another secret', async () => {
    const { world, state, calls, test } = await scene();
    const before = await state();
    const other = await makeOperator(world, 'Other');
    for (const [method, path, body] of calls) {
      const given = body === undefined ? {} : { body };
      const headers = { 'webhook-signature': '', 'webhook-id': '', 'webhook-timestamp': '' };
      const answers = [
        await askSigned(world, test, method, path, { ...given, headers }),
        await askSigned(world, test, method, path, { ...given, late: -310 }),
        await askSigned(world, test, method, path, { ...given, late: 310 }),
        await askSigned(world, { ...test, secret: other.test.secret }, method, path, given),
        await askSigned(world, { ...test, operator: 'op_none' }, method, path, given),
      ];
      const said = answers.map(({ status, text }) => [status, text]);
      expect(new Set(said.map((one) => JSON.stringify(one))).size).toBe(1);
      expect([path, said[0]?.[0]]).toEqual([path, 401]);
    }
    expect(await state()).toEqual(before);
  });

  it('changes nothing when a header stands there twice, even twice the same', async () => {
    const { world, state, test } = await scene();
    const before = await state();
    const raw = JSON.stringify({ operator: test.operator, account: 'home-7', email: 'eve@example.org' });
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const) {
      const headers = signedHeaders(nextMessage(), world.clock.now(), raw, [test.secret]);
      expect([name, await putTwice(world.url, raw, headers, name)]).toEqual([name, 401]);
    }
    expect(await state()).toEqual(before);
    const headers = signedHeaders(nextMessage(), world.clock.now(), raw, [test.secret]);
    expect(await putTwice(world.url, raw, headers, 'x-other')).toBe(200);
  });

  it('changes nothing when it comes a second time', async () => {
    const { world, state, calls, test } = await scene();
    for (const [method, path, body] of calls) {
      const message = nextMessage();
      const given = body === undefined ? { message } : { message, body };
      const first = await askSigned(world, test, method, path, given);
      expect([path, first.status < 300]).toEqual([path, true]);
      const after = await state();
      const again = await askSigned(world, test, method, path, given);
      expect([path, again.status, at(again, 'code')]).toEqual([path, 409, 'message_replayed']);
      expect(await state()).toEqual(after);
    }
  });

  it('changes nothing under another path or method: the body says what it was signed for', async () => {
    const { world, state, calls, test } = await scene();
    const before = await state();
    const places = calls.map(([method, path]) => [method, path] as const);
    const neighbours = places.map(([method, path]) => [method, path.replace('home-7', 'home-8')] as const);
    for (const [method, path, body] of calls) {
      for (const [otherMethod, otherPath] of [...places, ...neighbours]) {
        if (otherPath === path && otherMethod === method) continue;
        const message = nextMessage();
        const address = `${path}?operator=${test.operator}`;
        const raw = body === undefined ? undefined : JSON.stringify({ operator: test.operator, ...body });
        const headers = signedHeaders(message, world.clock.now(), raw ?? address, [test.secret]);
        const takesBody = otherMethod === 'PUT' || otherMethod === 'POST';
        const to = takesBody && raw !== undefined ? otherPath : `${otherPath}?operator=${test.operator}`;
        const given = takesBody && raw !== undefined ? { raw } : {};
        const answer = await world.call(otherMethod, to, { key: null, headers, ...given });
        expect([method, path, otherMethod, to, answer.status >= 400]).toEqual([method, path, otherMethod, to, true]);
      }
    }
    expect(await state()).toEqual(before);
  });

  it('changes nothing with any field of the body altered, doubled or gone', async () => {
    const { world, state, calls, test } = await scene();
    const before = await state();
    for (const [method, path, body] of calls) {
      if (body === undefined) continue;
      const right = { operator: test.operator, ...body } as Record<string, unknown>;
      const signed = JSON.stringify(right);
      const altered = Object.keys(right).flatMap((name) => [
        JSON.stringify({ ...right, [name]: `${String(right[name])}x` }),
        JSON.stringify({ ...right, [name]: null }),
        JSON.stringify({ ...right, [name]: undefined }),
        `${signed.slice(0, -1)},"${name}":${JSON.stringify(right[name])}}`,
      ]);
      for (const raw of [...altered, `${signed}\n`, ` ${signed}`]) {
        const headers = signedHeaders(nextMessage(), world.clock.now(), signed, [test.secret]);
        const answer = await world.call(method, path, { key: null, raw, headers });
        expect([raw, answer.status]).toEqual([raw, isDoubled(raw) ? 400 : 401]);
      }
    }
    expect(await state()).toEqual(before);
  });

  it('changes nothing when a request that has no body brings one', async () => {
    const { world, state, test } = await scene();
    const before = await state();
    const raw = JSON.stringify({ operator: test.operator });
    const headers = signedHeaders(nextMessage(), world.clock.now(), raw, [test.secret]);
    const answer = await world.call('DELETE', '/tv/devices/dvk_1', { key: null, raw, headers });
    expect([answer.status, at(answer, 'code')]).toEqual([400, 'unexpected_body']);
    expect(await state()).toEqual(before);
  });

  it('is taken from the demo operator by this machine alone', async () => {
    const { world } = await openedForOperator();
    await world.operators.seedDemo(world.shop.merchant.id);
    const demo = { operator: 'op_demo', secret: 'whsec_Z3VpY2hldC1kZW1vLXR2LW9wZXJhdG9yLXNlY3JldA==' };
    const ask = (headers: Record<string, string>) =>
      askSigned(world, demo, 'PUT', '/tv/payers/demo', { body: { account: 'demo' }, headers });
    expect((await ask({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(401);
    expect(await world.store.payers.byAccount('op_demo', 'test', 'demo')).toBeNull();
    expect((await ask({})).status).toBe(200);
  });
});

/** Whether a member stands twice in a text of JSON: what two parsers could read differently is never looked at. */
function isDoubled(raw: string): boolean {
  const names = [...raw.matchAll(/"(\w+)":/g)].map(([, name]) => name);
  return new Set(names).size < names.length;
}

/** The status of a call with one of its headers on two lines, as fetch would not send it. */
function putTwice(url: string, raw: string, headers: Readonly<Record<string, string>>, name: string): Promise<number> {
  const doubled = { ...headers, [name]: [headers[name] ?? '', headers[name] ?? ''] };
  return new Promise((resolve, reject) => {
    const asking = httpRequest(
      url + PATH,
      { method: 'PUT', headers: { ...doubled, 'content-type': 'application/json', 'content-length': raw.length } },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    asking.on('error', reject).end(raw);
  });
}
