import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Screen } from '../../../src/contracts/television.js';
import { television } from '../../../src/http/shapes.js';
import { televisionSessionId } from '../../../src/television_tokens.js';
import { openTelevisionHouse, RIGHT, type TelevisionHouse } from './house.js';

let house: TelevisionHouse;
beforeAll(async () => {
  house = await openTelevisionHouse();
});
afterAll(() => house.close());

const code = (answer: { body: Record<string, unknown> }): unknown => answer.body['code'];
const START = {
  screen: 'start',
  focus: 0,
  notice: null,
  keyed: null,
  seq: null,
  keyedOn: null,
  provenAt: null,
} as const;
const BOX = { id: 'box-1', model: 'Lumière 4' };

const statusOf = async (session: string) => (await fetch(`${house.url}/tv/sessions/${session}`)).status;

describe('opening a session', () => {
  it('answers what the documentation describes, and the same session again', async () => {
    const { id } = await house.order();
    const first = await house.ask({ device: BOX, payment: id });
    const again = await house.ask({ device: BOX, payment: id });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(television.parse(first.body)).toEqual(first.body);
    const { expires_in: _left, ...screen } = first.body['screen'] as Screen;
    expect(again.body).toMatchObject({ ...first.body, screen });
    expect(first.body).toMatchObject({ poll_interval: 5 });
    const told = (await house.payment(id)).events.filter(({ type }) => type === 'channel.device_paired');
    expect(told).toHaveLength(1);
  });

  it('knows the payment by its code, as people type it', async () => {
    const { id, code: digits } = await house.order();
    const spaced = `${digits.slice(0, 3)} ${digits.slice(3, 6)}-${digits.slice(6)}`;
    const [one, other] = await Promise.all([
      house.ask({ device: BOX, payment_code: spaced }),
      house.ask({ device: BOX, payment: id }),
    ]);
    expect(one.body['session']).toBe(other.body['session']);
  });

  it('takes no amount, and nothing else that it does not know', async () => {
    const { id } = await house.order();
    const answer = await house.ask({ device: BOX, payment: id, amount: 1 });
    expect([answer.status, code(answer)]).toEqual([400, 'validation_failed']);
  });

  it.each([
    [{ device: BOX }, 400, 'validation_failed'],
    [{ device: BOX, payment: 'pay_1', payment_code: '4821093756' }, 400, 'validation_failed'],
    [{ payment: 'pay_1' }, 400, 'validation_failed'],
    [{ device: { id: '' }, payment: 'pay_1' }, 400, 'validation_failed'],
    [{ device: { id: 'x'.repeat(129) }, payment: 'pay_1' }, 400, 'validation_failed'],
    [{ device: BOX, payment: 'pay_none' }, 404, 'payment_not_found'],
    [{ device: BOX, payment_code: '4821093757' }, 422, 'payment_code_mistyped'],
    [{ device: BOX, payment_code: '4000000002' }, 404, 'payment_not_found'],
  ])('refuses %j', async (body, status, problem) => {
    const answer = await house.ask(body);
    expect([answer.status, code(answer)]).toEqual([status, problem]);
  });

  it('of twenty boxes a day is told to the merchant, and of no more', async () => {
    const { id } = await house.order();
    for (let box = 0; box < 22; box++) expect((await house.open(id, { device: `many-${box}` })).opened).toBe(201);
    const told = (await house.payment(id)).events.filter(({ type }) => type === 'channel.device_paired');
    expect(told).toHaveLength(20);
  });

  it('stands in the documentation as it is', async () => {
    const { paths } = (await (await fetch(`${house.url}/openapi.json`)).json()) as { paths: object };
    const own = ['/tv/sessions', '/tv/sessions/{session}', '/tv/sessions/{session}/keys'];
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(own));
  });

  it('unsigned changes nothing', async () => {
    const { id } = await house.order();
    const answer = await fetch(`${house.url}/tv/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ operator: 'op_demo', device: BOX, payment: id }),
    });
    expect(answer.status).toBe(401);
    expect((await house.payment(id)).events.map(({ type }) => type)).not.toContain('channel.device_paired');
  });

  it('refuses a box five unknown codes later, while others go on', async () => {
    const device = { id: 'box-that-guesses' };
    for (let index = 0; index < 5; index++)
      expect(code(await house.ask({ device, payment_code: '4000000002' }))).toBe('payment_not_found');
    const { id, code: digits } = await house.order();
    expect(await house.ask({ device, payment_code: digits })).toMatchObject({ status: 429 });
    expect(await house.ask({ device, payment: id })).toMatchObject({ status: 201 });
    expect(await house.ask({ device: BOX, payment_code: digits })).toMatchObject({ status: 201 });
  });
});

describe('walls', () => {
  it('an operator shows payments of its own merchants, in the mode of its secret, on channels with television', async () => {
    const { id } = await house.order();
    const stranger = await house.operator({ merchants: ['mer_other'] });
    const live = await house.operator({}, 'live');
    for (const { id: operator, secret } of [stranger, live]) {
      const answer = await house.ask({ device: BOX, payment: id }, { operator, secret });
      expect(code(answer)).toBe('payment_not_found');
    }
    const { id: elsewhere } = await house.order({ channels: ['web', 'ivr'] });
    expect(code(await house.ask({ device: BOX, payment: elsewhere }))).toBe('payment_not_found');
    const own = await house.operator();
    const { id: operator, secret } = own;
    expect(await house.ask({ device: BOX, payment: id }, { operator, secret })).toMatchObject({ status: 201 });
  });

  it('another operator with the same box name has a session of its own, and none of the household’s cards', async () => {
    const { id } = await house.order();
    const account = await house.household(['4242424242424242']);
    const ours = await house.open(id, { account });
    const { id: operator, secret } = await house.operator();
    const theirs = await house.open(id, { account, operator, secret });
    expect(theirs.session).not.toBe(ours.session);
    expect([ours.screen.id, theirs.screen.id]).toEqual(['start', 'handover']);
  });

  it('an operator that is disabled, or serves the merchant no more, shows nothing any more', async () => {
    const { id } = await house.order();
    const { id: operator, secret } = await house.operator();
    const box = await house.open(id, { operator, secret });
    const stored = await house.store.operators.load(operator);
    if (stored === null) throw new Error('no operator');
    await house.store.operators.commit({ ...stored, merchants: [], revision: stored.revision + 1 });
    expect((await fetch(`${house.url}/tv/sessions/${box.session}`)).status).toBe(404);
    expect(await house.post(box.session, { version: box.screen.version, key: 'RED' })).toMatchObject({ status: 404 });
  });

  it('once a secret has leaked, nothing that was opened before shows or takes anything, and never will again', async () => {
    const { id } = await house.order();
    const { id: operator, secret } = await house.operator();
    const box = await house.open(id, { operator, secret });
    const stored = await house.store.operators.load(operator);
    if (stored === null) throw new Error('no operator');
    await house.store.operators.commit({ ...stored, generation: 1, revision: stored.revision + 1 });
    expect(await statusOf(box.session)).toBe(404);
    expect(await house.post(box.session, { version: box.screen.version, key: 'RED' })).toMatchObject({ status: 404 });
    const again = await house.open(id, { operator, secret });
    expect(again.session).not.toBe(box.session);
    expect([await statusOf(again.session), await statusOf(box.session)]).toEqual([200, 404]);
  });

  it('a box that signs for itself has a session for as long as its key, and what another key opens is another', async () => {
    const { id } = await house.order();
    const of = { operator: 'op_demo', mode: 'test' } as const;
    const [mine, theirs] = [await house.household(['4242424242424242']), await house.household(['4242424242424242'])];
    const openWith = async (account: string) => {
      const { key, secret } = await house.deviceKeys.issue(of, { device: 'own', account });
      const body = { device_key_id: key.id };
      return { key, box: await house.open(id, { device: 'own', account, secret, body }) };
    };
    const first = await openWith(mine);
    expect(await statusOf(first.box.session)).toBe(200);
    const second = await openWith(theirs);
    expect(second.box.session).not.toBe(first.box.session);
    expect([await statusOf(first.box.session), await statusOf(second.box.session)]).toEqual([404, 200]);
    await house.deviceKeys.revoke(of, second.key.id);
    expect(await statusOf(second.box.session)).toBe(404);
    const { version } = second.box.screen;
    expect(await house.post(second.box.session, { version, key: 'RED' })).toMatchObject({ status: 404 });
    // The operator's own middleware opens what none of them had.
    const opened = await house.open(id, { device: 'own', account: mine });
    expect([first.box.session, second.box.session]).not.toContain(opened.session);
    expect(await statusOf(first.box.session)).toBe(404);
  });

  it('is kept for as long as the outcome is shown, so that its picture leads there', async () => {
    const { id } = await house.order();
    const box = await house.open(id);
    const { expiresAt } = await house.payment(id);
    await house.store.tvSessions.sweep(expiresAt + 90 * 86_400_000);
    expect((await box.look()).id).toBe('start');
    await house.store.tvSessions.sweep(expiresAt + 121 * 86_400_000);
    // What was shown a moment ago may be shown again; a key is answered from the truth.
    const pressed = { method: 'POST', body: JSON.stringify({ version: box.screen.version, key: 'DOWN' }) };
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${house.url}/tv/sessions/${box.session}/keys`, { ...pressed, headers })).status).toBe(404);
  });

  it('is told by whoever opens it next where the process that made it died before, and once', async () => {
    const { id } = await house.order();
    const { expiresAt } = await house.payment(id);
    const of = { operator: 'op_demo', mode: 'test' as const, payment: id };
    const made = {
      ...{ ...of, id: televisionSessionId({ ...of, device: 'box-dead' }), schema: 1 as const, revision: 1, step: 0 },
      ...{ device: { id: 'box-dead', model: null }, account: 'demo', language: 'en' as const, place: START },
      ...{ createdAt: expiresAt - 86_400_000 - 60_000, updatedAt: 1, endsAt: expiresAt },
    } as const;
    await house.store.tvSessions.commit(made);
    const tellings = async () =>
      (await house.payment(id)).events.filter(({ type }) => type === 'channel.device_paired').length;
    for (const _again of [1, 2, 3]) {
      expect((await house.open(id, { device: 'box-dead' })).opened).toBe(200);
      expect(await tellings()).toBe(1);
    }
  });

  it('a household that was forgotten has no cards', async () => {
    const { id } = await house.order();
    const account = await house.household(['4242424242424242']);
    const box = await house.open(id, { account });
    await house.payers.erase({ owner: 'op_demo', mode: 'test', account }, null);
    expect((await box.look()).id).toBe('handover');
  });

  it('the household of a session is the one named last', async () => {
    const { id } = await house.order();
    const first = await house.open(id, { account: await house.household(['4242424242424242']) });
    await first.press('OK');
    const second = await house.open(id, { account: null });
    expect(second.session).toBe(first.session);
    expect(second.screen.id).toBe('handover');
    expect(await house.post(first.session, { version: first.screen.version, value: RIGHT })).toMatchObject({
      body: { screen: { id: 'handover' } },
    });
  });
});

describe('a session', () => {
  it.each(['nonsense', 'k1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA'])('%s leads nowhere', async (session) => {
    expect((await fetch(`${house.url}/tv/sessions/${session}`)).status).toBe(404);
    expect(await house.post(session, { version: 1, key: 'OK' })).toMatchObject({
      status: 404,
      body: { code: 'television_not_found' },
    });
  });

  it('is a secret of 128 bits of which not one may be another', async () => {
    const { id } = await house.order();
    const { session } = await house.open(id);
    const [key = '', mac = '', rest = ''] = session.split('.');
    const bytes = Buffer.from(mac, 'base64url');
    expect(bytes).toHaveLength(16);
    for (let bit = 0; bit < 128; bit += 5) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const answer = await fetch(`${house.url}/tv/sessions/${key}.${altered.toString('base64url')}.${rest}`);
      expect(answer.status).toBe(404);
    }
    expect(house.logged.join('\n')).not.toContain(mac);
  });

  it('is not kept by anybody on the way, and ends with its time', async () => {
    const { id } = await house.order();
    const { session } = await house.open(id);
    const answer = await fetch(`${house.url}/tv/sessions/${session}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    // One that has not been looked at: what is written behind the desk's back is heard of by nobody.
    const { session: ending } = await house.open(id, { device: 'box-2' });
    const stored = await house.store.tvSessions.load(`tvs_${ending.split('.').at(-1)}`);
    if (stored === null) throw new Error('no session');
    await house.store.tvSessions.commit({ ...stored, endsAt: 1, revision: stored.revision + 1 });
    expect((await fetch(`${house.url}/tv/sessions/${ending}`)).status).toBe(404);
  });

  it.each([
    [{ version: 1 }],
    [{ key: 'OK' }],
    [{ version: 1, key: 'POWER' }],
    [{ version: 1, key: 'OK', value: '1234' }],
    [{ version: 1, key: '1' }],
    [{ version: 1, value: 'x'.repeat(65) }],
    [{ version: -1, key: 'OK' }],
    [{ version: 1, key: 'OK', seq: 0 }],
    [{ version: 1, key: 'OK', more: true }],
  ])('refuses %j in words, and goes on', async (body) => {
    const { id } = await house.order();
    const box = await house.open(id);
    const answer = await house.post(box.session, body);
    expect([answer.status, code(answer)]).toEqual([400, 'validation_failed']);
    expect(await box.look()).toEqual(expect.objectContaining({ version: box.screen.version }));
  });

  it('speaks the box’s language, else the household’s, else the payment’s', async () => {
    const { id } = await house.order({ payer: { language: 'fr-CA' } });
    const titleOf = async (opening: object): Promise<string> => (await house.open(id, opening)).screen.title;
    expect(await titleOf({ device: 'a', language: 'en-GB', account: null })).toBe('TEST: Continue on your phone');
    expect(await titleOf({ device: 'b', language: null, account: 'demo' })).toBe('TEST\u00a0: Payer Maison Lune');
    expect(await titleOf({ device: 'c', language: null, account: null })).toBe(
      'TEST\u00a0: Continuez sur votre téléphone',
    );
    // No language that a payer chose: what the merchant is told of them stays.
    expect((await house.payment(id)).payer.language).toBe('fr-CA');
  });
});
