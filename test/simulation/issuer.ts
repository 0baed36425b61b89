import type { AuthenticationAnswer, Authenticator } from '../../src/contracts/authentication.js';
import type { Random } from './random.js';
import type { Time } from './time.js';

/** A model of directory server and ACS: frictionless, challenged, refused or down, with lost and doubled results. */
export interface ModelIssuer {
  readonly authenticator: Authenticator;
  faulty: boolean;
  /** The payer completes the challenge: the result exists from now on. */
  complete(authentication: string, isGenuine: boolean): AuthenticationAnswer;
}

export function modelIssuer(time: Time, random: Random): ModelIssuer {
  const results = new Map<string, AuthenticationAnswer>();
  const model = { faulty: true };
  const final = (result: string): AuthenticationAnswer => ({
    answer: 'final',
    result,
    eci: '05',
    value: 'cavv',
    directoryServerTransaction: 'ds',
    version: '2.2.0',
  });

  function answerAfter(answer: AuthenticationAnswer): Promise<AuthenticationAnswer> {
    const delay = model.faulty && random.chance(0.1) ? random.between(3_000, 9_000) : random.between(1, 60);
    return new Promise((resolve) => {
      time.at(time.now() + delay, () => resolve(answer));
    });
  }

  const authenticator: Authenticator = {
    name: 'model',
    deadlineMs: 5_000,
    authenticate({ authentication, deviceCheck, card }) {
      if (model.faulty && random.chance(0.1)) return answerAfter({ answer: 'unavailable', reason: 'down' });
      const known = results.get(authentication);
      if (known !== undefined) return answerAfter(known);
      const token = card.kind === 'acquirer_token' ? card.token : '';
      if (deviceCheck === null && token.includes('device')) {
        return answerAfter({ answer: 'device_check', url: 'https://acs.example/method', data: 'x' });
      }
      if (token.includes('challenge')) {
        return answerAfter({ answer: 'challenge', url: 'https://acs.example/challenge', creq: 'x' });
      }
      const answer = final(token.includes('refused') ? random.pick(['N', 'R', 'U']) : random.pick(['Y', 'Y', 'A']));
      results.set(authentication, answer);
      return answerAfter(answer);
    },
    inquire({ authentication }) {
      if (model.faulty && random.chance(0.2)) return answerAfter({ answer: 'unavailable', reason: 'down' });
      return answerAfter(results.get(authentication) ?? { answer: 'waiting' });
    },
    readResult: () => null,
  };
  return Object.assign(model, {
    authenticator,
    complete(authentication: string, isGenuine: boolean) {
      const known = results.get(authentication);
      if (known !== undefined) return known;
      const answer = final(isGenuine ? 'Y' : 'N');
      results.set(authentication, answer);
      return answer;
    },
  });
}
