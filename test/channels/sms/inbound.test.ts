import { describe, expect, it } from 'vitest';
import { holdsCardNumber } from '../../../channels/sms/card_numbers.js';
import { isAnsweredByProvider, readReply } from '../../../channels/sms/words.js';
import { digitsOf, newSid, openSmsWorld, PHONE, STRANGER, signatureOf } from './world.js';

const CARD = '4111 1111 1111 1111';

describe('a reply is read', () => {
  it.each([
    ['482193', 'digits'],
    ['482 193', 'digits'],
    ['Code: 482-193, ok', 'digits'],
    ['oui 482193', 'digits'],
    ['482193 42', 'digits'],
    ['N° 482193', 'digits'],
    ['n°482193', 'digits'],
    ['Nº 482193', 'digits'],
    ['№ 482193', 'digits'],
    ['No. 482193', 'digits'],
    ['Code no. : 482 193', 'digits'],
    ['No. 482193, no', 'no'],
    ['NO 482193', 'no'],
    ['No.', 'no'],
    ['non. 482193', 'no'],
    ['0612345678', 'other'],
    ['48219', 'other'],
    ['4821933', 'other'],
    ['06 12 34 56 78', 'other'],
    ['', 'other'],
    ['😀', 'other'],
    ['OUI', 'yes'],
    ['Yes!', 'yes'],
    ['yes please', 'other'],
    ['NON', 'no'],
    ['No thanks', 'no'],
    ['non, 482193', 'no'],
    ['STOP', 'stop'],
    ['Stop please', 'stop'],
    ['stop 482193', 'stop'],
    ['arrêt', 'stop'],
    ['ARRETEZ', 'other'],
    ['désabonner', 'stop'],
    ['STOPALL', 'stop'],
    ['UNSUBSCRIBE', 'stop'],
    ['CANCEL', 'stop'],
    ['cancel 482193', 'no'],
    ['end of what?', 'no'],
    ['END', 'stop'],
    ['QUIT', 'stop'],
    ['REVOKE', 'stop'],
    ['OPTOUT', 'stop'],
    ['START', 'start'],
    ['UNSTOP', 'start'],
    ['HELP', 'help'],
    ['Aide ?', 'help'],
    ['INFO', 'help'],
    [CARD, 'card_number'],
    ['my card 4111-1111-1111-1111 exp 12/30 482193', 'card_number'],
    ['3782.822463.10005', 'card_number'],
    ['４１１１１１１１１１１１１１１１', 'card_number'],
    ['1234 5678 9012 3456', 'other'],
  ])('%j is %s', (body, word) => {
    expect(readReply(body).word).toBe(word);
  });

  it('as the digits and nothing else', () => {
    expect(readReply('merci 482 193 !')).toEqual({ word: 'digits', digits: '482193' });
    expect(readReply(`482193 ${'x'.repeat(5_000)}`)).toEqual({ word: 'digits', digits: '482193' });
  });

  it('as the wish for texts, where that is what the provider takes it for', () => {
    const provider = { answers: true, keyword: '' };
    const wishes = ['YES', ' yes\n'].map((body) => readReply(body, provider));
    expect(wishes).toEqual([1, 2].map(() => ({ word: 'yes', optsIn: true })));
    for (const body of ['OUI', 'ok', 'O', 'Y', 'Yes!']) {
      expect(readReply(body, provider)).toEqual({ word: 'yes', optsIn: false });
    }
    expect(readReply('YES')).toEqual({ word: 'yes', optsIn: false });
    expect(readReply('YES', { answers: true, keyword: 'START' })).toEqual({ word: 'yes', optsIn: true });
  });

  it('as the provider has read it, in whatever words', () => {
    const read = (body: string, keyword: string) => readReply(body, { answers: true, keyword }).word;
    expect(read('basta', 'STOP')).toBe('stop');
    expect(read('de nuevo', 'START')).toBe('start');
    expect(read('ayuda', 'HELP')).toBe('help');
    expect(read('482193', 'something new')).toBe('digits');
  });

  it('finds a card number among other digits, and none in what only looks like one', () => {
    expect(holdsCardNumber('00 4111111111111111 99')).toBe(true);
    expect(holdsCardNumber('4111 1111 1111 1112')).toBe(false);
    expect(holdsCardNumber('')).toBe(false);
  });

  it('knows what the provider answers by itself: one word, alone', () => {
    const theirs = ['STOP', 'stop.', 'CANCEL', 'START', 'HELP', 'info'];
    expect(theirs.filter((body) => !isAnsweredByProvider(body))).toEqual([]);
    expect(['STOP PLEASE', 'AIDE', 'OUI', 'NO', '482193'].filter(isAnsweredByProvider)).toEqual([]);
  });
});

describe('a webhook', () => {
  const fields = (body: string) => ({ MessageSid: newSid(), From: PHONE, To: '38000', Body: body });

  it.each([
    ['unsigned', null],
    ['signed with another secret', 'wrong'],
    ['signed for another address', 'elsewhere'],
    ['signed before it was altered', 'altered'],
  ])('that is %s gets 403 and changes nothing', async (_, how) => {
    const world = await openSmsWorld();
    const { id } = await world.order();
    const code = digitsOf(await world.reach(await world.payment(id)));
    const [text] = await world.textsOf(id);
    const before = [await world.payment(id), await world.textsOf(id)];
    const requests = [
      ['/sms/inbound', fields(code)],
      ['/sms/inbound', fields('STOP')],
      [`/sms/status?text=${text?.id}`, { MessageSid: text?.sid ?? '', MessageStatus: 'failed', ErrorCode: '30005' }],
    ] as const;
    for (const [path, form] of requests) {
      const signatures: Record<string, string | null> = {
        wrong: signatureOf(path, form, 'another-secret-of-the-account'),
        elsewhere: signatureOf(`${path}/`, form),
        altered: signatureOf(path, { ...form, From: STRANGER }),
      };
      const answer = await world.post(path, form, how === null ? null : (signatures[how] ?? ''));
      expect(answer.status).toBe(403);
    }
    await world.settle();
    expect([await world.payment(id), await world.textsOf(id)]).toEqual(before);
    expect(await world.consents.optedOutAt(PHONE, 'payment')).toBeNull();
  });

  it('with parameters that nobody has heard of is taken, and one without a message or number does nothing', async () => {
    const world = await openSmsWorld();
    const { id } = await world.order();
    const code = digitsOf(await world.reach(await world.payment(id)));
    for (const change of [{ MessageSid: '' }, { MessageSid: 'x' }, { From: 'anonymous' }, { From: '' }]) {
      expect((await world.post('/sms/inbound', { ...fields(code), ...change })).status).toBe(200);
    }
    expect((await world.payment(id)).attempts).toEqual([]);
    await world.inbound(code, { more: { Unheard: 'of', FromCountry: 'FR' } });
    expect((await world.payment(id)).status).toBe('succeeded');
  });

  it('is bounded, and a store that is away is told in words the provider understands', async () => {
    const world = await openSmsWorld();
    const huge = await world.post('/sms/inbound', fields('x'.repeat(60_000)));
    expect([huge.status, huge.headers.get('content-type')]).toEqual([413, 'text/xml; charset=utf-8']);
    await world.store.close();
    expect((await world.post('/sms/inbound', fields('OUI'))).status).toBe(503);
  });
});

describe('an answer', () => {
  it('to a card number is kind, and nothing of the number is kept', async () => {
    const world = await openSmsWorld();
    const { id } = await world.order();
    await world.reach(await world.payment(id));
    expect(await world.inbound(CARD)).toMatch(/^Never text a card number: we did not keep it/);
    const kept = JSON.stringify([await world.payment(id), await world.textsOf(id)]);
    expect(kept.replace(/\D/g, '')).not.toContain('4111111111111111');
    expect((await world.payment(id)).attempts).toEqual([]);
  });

  it('NO ends what the text offers, not the payment, and is told as such', async () => {
    const world = await openSmsWorld();
    const { id } = await world.order();
    const code = digitsOf(await world.reach(await world.payment(id)));
    expect(await world.inbound('Non merci')).toMatch(/^OK, nothing charged\. To pay later: https:\/\/pay/);
    expect(await world.eventsOf(id)).toContain('channel.sms_refused');
    expect(await world.payment(id)).toMatchObject({
      status: 'requires_payment_method',
      reaches: [{ status: 'refused', answerBy: null }],
    });
    expect(await world.inbound(code)).toMatch(/^Code expired, nothing charged/);
    expect((await world.payment(id)).attempts).toEqual([]);
    // It may be asked again.
    const again = digitsOf(await world.reach(await world.payment(id)));
    await world.inbound(again);
    expect((await world.payment(id)).status).toBe('succeeded');
  });

  it.each([
    ['NON', 'dropped', ['channel.sms_refused']],
    ['STOP', 'failed', ['channel.sms_opted_out', 'channel.sms_failed opted_out', 'channel.email_requested']],
  ])('%s to a text whose answer was lost ends it: it is not sent again', async (body, status, events) => {
    const world = await openSmsWorld();
    world.answers.push({ outcome: 'unknown', reason: 'ETIMEDOUT' });
    const { id } = await world.order();
    const fallback = [{ channel: 'email', to: 'ada@example.org' }] as const;
    await world.engine.reach(id, { channel: 'sms', to: PHONE, fallback, request: null });
    await world.settle();
    await world.inbound(body);
    await world.goOn(world.clock.now() + 600_000);
    expect([world.sent.length, (await world.textsOf(id))[0]?.status]).toEqual([1, status]);
    expect((await world.eventsOf(id)).slice(2)).toEqual(events);
  });

  it('to anything else is helpful, and comes to an end', async () => {
    const world = await openSmsWorld();
    const { id } = await world.order();
    await world.reach(await world.payment(id));
    const said = [];
    for (let round = 0; round < 9; round += 1) said.push(await world.inbound(`what is this, ${round}?`));
    expect(said[0]).toBe(
      'La Lune, 42.50 EUR. To pay: reply with the six digits of our text. To refuse: NO. No more texts: STOP.',
    );
    expect(said.filter((text) => text !== '')).toHaveLength(4);
    world.clock.advance(3_600_000);
    expect(await world.inbound('and now?')).toMatch(/^La Lune, 42\.50 EUR\. Pay: https/);
  });

  it('to a stranger is the same for everybody, once a day', async () => {
    const world = await openSmsWorld();
    await world.reach(await world.order());
    const said = [];
    for (const body of ['hello', 'OUI', '482193', 'NON', CARD])
      said.push(await world.inbound(body, { from: STRANGER }));
    expect(said[0]).toBe('This number confirms payments. Nothing waits for you here. No more texts: STOP.');
    expect(said.slice(1)).toEqual(['', '', '', '']);
  });
});

describe('STOP and START', () => {
  it('end and begin texts to a number, for every purpose, and stand in the story of the payment', async () => {
    const world = await openSmsWorld();
    const { id } = await world.order();
    const code = digitsOf(await world.reach(await world.payment(id)));
    expect(await world.inbound('STOP')).toBe('');
    for (const purpose of ['payment', 'receipt'] as const) {
      expect(await world.consents.optedOutAt(PHONE, purpose)).toBe(world.clock.now());
    }
    expect(await world.inbound(code)).toBe('');
    await world.inbound('STOP');
    expect((await world.payment(id)).attempts).toEqual([]);
    expect(await world.texts.desk.link(await world.payment(id), PHONE)).toBe(false);
    await world.engine.reach(id, { channel: 'sms', to: PHONE, request: null });
    await world.settle();
    expect(world.sent).toHaveLength(1);
    expect((await world.payment(id)).reaches.at(-1)).toMatchObject({ status: 'refused' });
    expect((await world.eventsOf(id)).slice(3)).toEqual([
      'channel.sms_opted_out',
      'channel.sms_requested',
      'channel.sms_failed opted_out',
    ]);
    expect(await world.inbound('Start')).toBe('');
    expect(await world.consents.optedOutAt(PHONE, 'payment')).toBeNull();
    expect((await world.eventsOf(id)).at(-1)).toBe('channel.sms_opted_in');
    expect((await world.reach(await world.payment(id))).body).toMatch(/^Reply \d{6}/);
  });

  it('are answered by us where the provider does not', async () => {
    const world = await openSmsWorld({ providerAnswers: false });
    await world.reach(await world.order());
    expect(await world.inbound('ARRET')).toBe('No more texts from this number. To get them again: START.');
    expect(await world.inbound('HELP')).toBe(
      'This number confirms payments. You get no texts from it. To get them again: START.',
    );
    expect(await world.inbound('START')).toBe('You get texts from this number again. To stop: STOP.');
    expect(await world.inbound('HELP')).toMatch(/^La Lune, 42\.50 EUR/);
  });

  it('keep no number: only a keyed hash of it', async () => {
    const world = await openSmsWorld();
    const { id } = await world.order();
    await world.reach(await world.payment(id));
    await world.inbound('STOP');
    const texts = await world.textsOf(id);
    expect(texts).toHaveLength(1);
    expect(JSON.stringify(texts)).not.toContain('12345678');
  });
});
