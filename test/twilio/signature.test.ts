import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSignatures } from '../../src/twilio/signature.js';

const TOKEN = '12345';
const PARAMETERS = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675310',
  Digits: '1234',
  From: '+14158675310',
  To: '+18005551212',
};
const PATH = '/myapp.php?foo=1&bar=2';
/** Published with Twilio's description of its signatures, and made again by two libraries. */
const SIGNATURE = 'L/OH5YylLD5NRKLltdqwSvS0BnU=';
const signatures = createSignatures({ authTokens: [TOKEN], publicUrl: 'https://example.com' });

/** The rule once more, by hand: the address and all parameters, sorted. */
function sign(token: string, url: string, parameters: Readonly<Record<string, string>>): string {
  const text = Object.keys(parameters)
    .toSorted()
    .reduce((signed, name) => signed + name + parameters[name], url);
  return createHmac('sha1', token).update(text).digest('base64');
}

describe('a signature', () => {
  it('is right as the provider publishes it', () => {
    expect(signatures.isSigned(PATH, SIGNATURE, PARAMETERS)).toBe(true);
  });

  it.each([
    ['is missing', PATH, undefined, PARAMETERS],
    ['is empty', PATH, '', PARAMETERS],
    ['is of another secret', PATH, sign('54321', `https://example.com${PATH}`, PARAMETERS), PARAMETERS],
    ['is of another address', '/myapp.php?foo=1&bar=3', SIGNATURE, PARAMETERS],
    ['is of a longer address', `${PATH}&more=1`, SIGNATURE, PARAMETERS],
    ['knows nothing of a parameter', PATH, SIGNATURE, { ...PARAMETERS, New: 'x' }],
    ['knows of a parameter more', PATH, SIGNATURE, { ...PARAMETERS, Digits: undefined as unknown as string }],
    ['is of another value', PATH, SIGNATURE, { ...PARAMETERS, Digits: '1235' }],
    ['is of a value without its spaces', PATH, SIGNATURE, { ...PARAMETERS, Digits: ' 1234' }],
    ['is for another host that the path names', '//evil.example/', SIGNATURE, PARAMETERS],
  ])('is refused when it %s', (_why, path, signature, parameters) => {
    expect(signatures.isSigned(path, signature, parameters)).toBe(false);
  });

  it('covers parameters that nobody has heard of', () => {
    const parameters = { ...PARAMETERS, Unheard: 'of' };
    expect(signatures.isSigned('/ivr/call', sign(TOKEN, 'https://example.com/ivr/call', parameters), parameters)).toBe(
      true,
    );
  });

  it('may be of either secret while one takes the place of the other', () => {
    const rotating = createSignatures({ authTokens: ['new', TOKEN], publicUrl: 'https://example.com' });
    for (const token of ['new', TOKEN]) {
      const signature = sign(token, 'https://example.com/sms/inbound', { Body: 'OUI' });
      expect(rotating.isSigned('/sms/inbound', signature, { Body: 'OUI' })).toBe(true);
      expect(rotating.isSigned('/sms/inbound', signature, { Body: 'NON' })).toBe(false);
    }
    expect(createSignatures({ authTokens: [], publicUrl: 'https://example.com' }).isSigned(PATH, SIGNATURE, {})).toBe(
      false,
    );
  });
});
