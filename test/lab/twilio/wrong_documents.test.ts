/** Documents that are wrong: what the debugger says of them, and what the caller hears. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALLER, OUR_NUMBER, openWorld, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const dial = (from = CALLER) => world.twilio.dial({ from, to: OUR_NUMBER });
const codes = () => world.twilio.problems().map(({ code }) => code);

describe('a wrong document', () => {
  it.each([
    ['an unknown element', '<Response><say>Hi</say></Response>', 12200],
    ['a wrong attribute', '<Response><Gather numdigits="3" action="/code"/></Response>', 12200],
    ['a wrong value', '<Response><Say language="fr_FR">Bonjour</Say></Response>', 12200],
    ['a text message', '<Response><Message>Hi</Message></Response>', 12200],
    ['words between verbs', '<Response>Hello</Response>', 12200],
    ['a prompt for nothing', '<Response><Pay><Prompt><Say>Card</Say></Prompt></Pay></Response>', 12200],
    ['a wrong finishing key', '<Response><Gather finishOnKey="##" action="/code"/></Response>', 13310],
    ['no XML', '<Response><Say>Hi</Response>', 12100],
    ['another root', '<Reply/>', 12100],
  ])('%s is a problem that can be seen', async (_, document, code) => {
    world.app.at('/voice', document);
    const call = dial();
    await expect.poll(codes).toContain(code);
    call.hangUp();
    await call.over();
  });

  it('that is said to be text is read aloud, once', async () => {
    world.app.at('/voice', { body: 'Internal error', headers: { 'content-type': 'text/plain' } });
    const call = dial();
    await call.hears('Internal error');
    await call.over();
  });

  it('or none at all is an apology', async () => {
    world.app.at('/voice', { status: 500 });
    const call = dial();
    await call.hears(/application error/);
    await call.over();
    expect(codes()).toEqual([11200]);
    expect(call.call.status()).toBe('completed');
  });
});
