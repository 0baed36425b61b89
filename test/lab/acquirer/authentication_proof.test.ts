import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandboxAuthenticator } from '../../../src/acquirers/sandbox/authenticator.js';
import { transactionOf } from '../../../src/acquirers/sandbox/three_d_secure.js';
import type { AuthenticationProof } from '../../../src/contracts/acquirer.js';
import type { AuthenticationAnswer, Authenticator } from '../../../src/contracts/authentication.js';
import { authorizeCallOf } from '../../contract/acquirer.js';
import { type AuthenticationWorld, authenticationWorld } from './authentication_support.js';
import { cardOf, quietLog, type SandboxWorld } from './support.js';

/** What an authentication is worth: its result message as it was signed, its cryptogram for what it was made for. */

let under: AuthenticationWorld;
let world: SandboxWorld;
let authenticator: Authenticator;
beforeEach(async () => {
  under = await authenticationWorld();
  ({ world, authenticator } = under);
});
afterEach(() => under.close());

describe('a result message', () => {
  it('is taken only as it was signed', async () => {
    const call = under.callFor(cardOf('4000 0000 0000 3220'));
    await under.decide(await authenticator.authenticate(call), { decision: 'refuse' });
    const signed = under.results[0] as Record<string, unknown> & {
      messageExtension: { data: Record<string, string> }[];
    };
    expect(authenticator.readResult(signed)).not.toBeNull();
    const extension = (data: object) => [
      { ...signed.messageExtension[0], data: { ...signed.messageExtension[0]?.data, ...data } },
    ];
    const altered: unknown[] = [
      { ...signed, transStatus: 'Y' },
      { ...signed, transStatus: 'C' },
      { ...signed, eci: '05' },
      { ...signed, authenticationValue: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
      { ...signed, dsTransID: transactionOf('x') },
      { ...signed, threeDSServerTransID: transactionOf('x') },
      { ...signed, messageType: 'ARes' },
      { ...signed, messageVersion: '1.0.2' },
      { ...signed, messageExtension: extension({ reference: 'ath_other' }) },
      { ...signed, messageExtension: extension({ signature: '' }) },
      { ...signed, messageExtension: [] },
      { ...signed, messageExtension: undefined },
      null,
      'RReq',
      [],
      {},
    ];
    for (const message of altered) expect([message, authenticator.readResult(message)]).toEqual([message, null]);
  });

  it('is not for one who has another credential', async () => {
    await under.decide(await under.authenticate('4000 0000 0000 3220'), { decision: 'approve' });
    const { clock } = world;
    const other = createSandboxAuthenticator({ url: () => '', credential: 'another', clock, log: quietLog });
    expect(other.readResult(under.results[0])).toBeNull();
    other.close();
  });
});

function proofOf(answer: AuthenticationAnswer): AuthenticationProof {
  if (answer.answer !== 'final') throw new Error(answer.answer);
  const { result, eci, value, directoryServerTransaction, version } = answer;
  return { method: 'three_d_secure', result, eci, value, directoryServerTransaction, version };
}

describe('the proof at the authorization', () => {
  const card = cardOf('4000 0027 6000 3184');
  let proof: AuthenticationProof;
  beforeEach(async () => {
    const call = under.callFor(card);
    await under.decide(await authenticator.authenticate(call), { decision: 'approve' });
    const read = authenticator.readResult(under.results[0]);
    if (read === null) throw new Error('no result');
    proof = proofOf(read.answer);
  });

  const authorize = (more: object) => world.acquirer.authorize(authorizeCallOf(world.clock.now(), card, more));

  it('is asked for everywhere but there', async () => {
    for (const initiator of ['holder', 'telephone_order', 'merchant'] as const) {
      expect(await authorize({ initiator })).toMatchObject({
        code: 'authentication_required',
        advice: 'other_channel',
      });
    }
    expect((await authorize({ authentication: proof })).outcome).toBe('approved');
  });

  it('is worth nothing for another amount, currency, card, transaction or result', async () => {
    const failed = { outcome: 'declined', code: 'authentication_failed' };
    const money = { amount: 4_251, currency: 'EUR' };
    expect(await authorize({ authentication: proof, money })).toMatchObject(failed);
    expect(await authorize({ authentication: proof, money: { amount: 4_250, currency: 'USD' } })).toMatchObject(failed);
    for (const more of [{ value: 'x' }, { directoryServerTransaction: 'x' }, { result: 'N' }]) {
      expect(await authorize({ authentication: { ...proof, ...more } })).toMatchObject(failed);
    }
    expect(await authorize({ authentication: { ...proof, value: null } })).toMatchObject({
      code: 'authentication_required',
    });
    const other = authorizeCallOf(world.clock.now(), cardOf('4242424242424242'), { authentication: proof });
    expect(await world.acquirer.authorize(other)).toMatchObject(failed);
  });

  it('is made for the tokens of the sandbox too', async () => {
    const token = { kind: 'acquirer_token', token: 'tok_sandbox_authentication_required' } as const;
    const answer = await authenticator.authenticate(under.callFor(token));
    const call = authorizeCallOf(world.clock.now(), token, { authentication: proofOf(answer) });
    expect((await world.acquirer.authorize(call)).outcome).toBe('approved');
  });
});
