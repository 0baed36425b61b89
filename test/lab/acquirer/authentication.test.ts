import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromBrowser, throughBrowser, transactionOf } from '../../../src/acquirers/sandbox/three_d_secure.js';
import type { Authenticator } from '../../../src/contracts/authentication.js';
import {
  type AuthenticationWorld,
  authenticationWorld,
  challengeOf,
  fieldsOf,
  post,
  SHOP,
} from './authentication_support.js';
import { cardOf, type SandboxWorld } from './support.js';

/** 3-D Secure from our side and from the browser's: directory server, device check, challenge, result. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let under: AuthenticationWorld;
let world: SandboxWorld;
let authenticator: Authenticator;
beforeEach(async () => {
  under = await authenticationWorld();
  ({ world, authenticator } = under);
});
afterEach(() => under.close());

describe('without a challenge', () => {
  it.each([
    ['4242 4242 4242 4242', 'Y', '05'],
    ['4111 1111 1111 1111', 'Y', '05'],
    ['3782 822463 10005', 'Y', '05'],
    ['4970 1000 0000 0006', 'Y', '05'],
    ['4000 0010 0000 0174', 'A', '06'],
    ['4000 0010 0000 0182', 'N', '07'],
    ['4000 0010 0000 0190', 'U', '07'],
    ['4000 0010 0000 0208', 'R', '07'],
  ])('%s answers %s with indicator %s', async (number, result, eci) => {
    const answer = await under.authenticate(number);
    expect(answer).toMatchObject({ answer: 'final', result, eci, version: '2.2.0' });
    if (answer.answer !== 'final') return;
    expect(answer.directoryServerTransaction).toMatch(UUID);
    if (result === 'Y' || result === 'A') expect(answer.value).toMatch(/^[A-Za-z0-9+/]{27}=$/);
    else expect(answer.value).toBeNull();
  });

  it('answers a repeat the same', async () => {
    const call = under.callFor(cardOf('4242424242424242'));
    expect(await authenticator.authenticate(call)).toEqual(await authenticator.authenticate(call));
  });

  it('is unavailable when the directory server is down, or nobody is there', async () => {
    expect(await under.authenticate('4000 0010 0000 0216')).toEqual({ answer: 'unavailable', reason: 'status_503' });
    await world.post('/faults', { operation: 'authenticate', fault: 'garbage' });
    expect((await under.authenticate('4242424242424242')).answer).toBe('unavailable');
    expect(await authenticator.inquire({ authentication: 'ath_never', deadline: world.clock.now() + 1_000 })).toEqual({
      answer: 'unavailable',
      reason: 'status_404',
    });
  });
});

describe('the device check', () => {
  it('comes first where the issuer wants it, posts itself on, and is not asked for again', async () => {
    const call = under.callFor(cardOf('5555 5555 5555 4444'));
    const first = await authenticator.authenticate(call);
    if (first.answer !== 'device_check') throw new Error(first.answer);
    const frame = await post(first.url, { threeDSMethodData: first.data });
    expect(frame.html).toContain(`action="${SHOP}/return"`);
    const sentOn = fromBrowser(fieldsOf(frame.html)['threeDSMethodData'] ?? '');
    expect(sentOn).toEqual({ threeDSServerTransID: transactionOf(call.authentication) });
    for (const deviceCheck of ['Y', 'N', 'U'] as const) {
      const answer = await authenticator.authenticate({ ...call, deviceCheck });
      expect(answer).toMatchObject({ answer: 'final', result: 'Y', eci: '02' });
    }
  });

  it.each(['', 'nonsense', throughBrowser({ threeDSMethodNotificationURL: 'javascript:alert(1)' })])(
    'leads nowhere with %j',
    async (data) => {
      const frame = await post(`${world.sandbox.url}/acs/method`, { threeDSMethodData: data });
      expect(frame.status).toBe(404);
      expect(frame.html).not.toContain('<form');
    },
  );
});

describe('the challenge', () => {
  it.each<[string, Record<string, string>, string, string]>([
    ['approved by button', { decision: 'approve' }, 'Y', '05'],
    ['approved by code', { decision: 'code', code: ' 123456 ' }, 'Y', '05'],
    ['refused', { decision: 'refuse' }, 'N', '07'],
  ])('%s: the result is here before the browser is sent on', async (_, choice, result, eci) => {
    const call = under.callFor(cardOf('4000 0000 0000 3220'));
    const asked = await authenticator.authenticate(call);
    const { authentication } = call;
    const inquiry = { authentication, deadline: world.clock.now() + 5_000 };
    expect(await authenticator.inquire(inquiry)).toEqual({ answer: 'waiting' });
    const page = await under.decide(asked, choice, 'ours');
    expect(page.html).toContain(`action="${SHOP}/return"`);
    const fields = fieldsOf(page.html);
    expect(fields['threeDSSessionData']).toBe('ours');
    const transaction = transactionOf(authentication);
    expect(fromBrowser(fields['cres'] ?? '')).toMatchObject({ messageType: 'CRes', transStatus: result });
    expect(under.results).toMatchObject([
      { messageType: 'RReq', threeDSServerTransID: transaction, transStatus: result },
    ]);
    const read = authenticator.readResult(under.results[0]);
    expect(read).toMatchObject({ authentication, answer: { answer: 'final', result, eci } });
    expect(await authenticator.inquire(inquiry)).toEqual(read?.answer);
  });

  it('is decided once, whatever comes after', async () => {
    const asked = await under.authenticate('4000 0000 0000 3220');
    await under.decide(asked, { decision: 'refuse' });
    const again = await post(challengeOf(asked).url, { creq: challengeOf(asked).creq });
    expect(fromBrowser(fieldsOf(again.html)['cres'] ?? '')).toMatchObject({ transStatus: 'N' });
    const late = await post(`${world.sandbox.url}/acs/answer`, {
      acsTransID: String(fromBrowser(challengeOf(asked).creq)?.['acsTransID']),
      decision: 'approve',
    });
    expect(fromBrowser(fieldsOf(late.html)['cres'] ?? '')).toMatchObject({ transStatus: 'N' });
    expect(under.results).toHaveLength(1);
  });

  it('gives three tries at the code', async () => {
    const asked = await under.authenticate('4000 0000 0000 3220');
    const wrong = { decision: 'code', code: '000000' };
    for (const _ of [1, 2]) expect((await under.decide(asked, wrong)).html).toContain('That code is not right');
    expect(under.results).toEqual([]);
    await under.decide(asked, wrong);
    expect(under.results).toMatchObject([{ transStatus: 'N', eci: '07', authenticationValue: null }]);
  });

  it('is over after ten minutes', async () => {
    const call = under.callFor(cardOf('4000 0000 0000 3220'));
    const asked = await authenticator.authenticate(call);
    world.clock.advance(10 * 60_000);
    const inquiry = { authentication: call.authentication, deadline: world.clock.now() + 5_000 };
    expect(await authenticator.inquire(inquiry)).toMatchObject({ answer: 'final', result: 'N' });
    const { url, creq } = challengeOf(asked);
    expect(fromBrowser(fieldsOf((await post(url, { creq })).html)['cres'] ?? '')).toMatchObject({ transStatus: 'N' });
  });

  it('is settled by inquiry when the result message is lost', async () => {
    await world.post('/faults', { operation: 'authentication_result', fault: 'lost_request' });
    const call = under.callFor(cardOf('4000 0000 0000 3220'));
    const page = await under.decide(await authenticator.authenticate(call), { decision: 'approve' });
    expect(page.html).toContain('cres');
    expect(under.results).toEqual([]);
    const inquiry = { authentication: call.authentication, deadline: world.clock.now() + 5_000 };
    expect(await authenticator.inquire(inquiry)).toMatchObject({ answer: 'final', result: 'Y' });
  });

  it('speaks the language of the browser and shows who is paid, escaped', async () => {
    const call = under.callFor(cardOf('4000 0000 0000 3220'));
    const { url, creq } = challengeOf(
      await authenticator.authenticate({ ...call, browser: { ...call.browser, language: 'fr-FR' } }),
    );
    const page = await post(url, { creq });
    expect(page.html).toContain('<html lang="fr">');
    expect(page.html).toContain('Confirmez votre paiement');
    expect(page.html.replaceAll(/[\u00a0\u202f]/g, ' ')).toContain('42,50 €');
    expect(page.html).toContain('Café &lt;b&gt;Élan&lt;/b&gt; &amp; &quot;fils&quot;');
    expect(page.html).toContain('3220');
    expect(page.html).not.toContain('<script');
  });

  it('allows its forms and its one script by policy, and nothing else', async () => {
    const asked = await under.authenticate('4000 0000 0000 3220');
    const { url, creq } = challengeOf(asked);
    const page = await post(url, { creq });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('script-src');
    const leaving = await under.decide(asked, { decision: 'approve' });
    const nonce = /script nonce="([^"]+)"/.exec(leaving.html)?.[1];
    expect(leaving.headers.get('content-security-policy')).toContain(`script-src 'nonce-${nonce}'`);
    expect(leaving.headers.get('content-security-policy')).toContain(`form-action ${SHOP}`);
    expect(leaving.headers.get('cache-control')).toBe('no-store');
    expect(leaving.html).toContain('<button>Continue</button>');
  });

  it.each(['', 'nonsense', throughBrowser({ messageType: 'CReq', acsTransID: 'unknown' })])(
    'knows no challenge %j',
    async (creq) => {
      expect((await post(`${world.sandbox.url}/acs/challenge`, { creq })).status).toBe(404);
    },
  );
});
