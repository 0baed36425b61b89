import { describe, expect, it } from 'vitest';
import { ConfigProblem, readConfig } from '../src/config.js';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigProblem) return error.problems;
    throw error;
  }
}

describe('the telephone', () => {
  const whole = {
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'a-token-of-enough-length',
    TWILIO_VOICE_FROM: '+33123456789',
    TWILIO_MESSAGING_FROM: '38600',
    PAY_CONNECTOR_USERNAME: 'twilio',
    PAY_CONNECTOR_PASSWORD: 'a-password-of-enough-length',
  };

  it('is an account with its connector', () => {
    expect(readConfig({ ...whole, TWILIO_AUTH_TOKEN_SECONDARY: 'its-later-successor' })).toMatchObject({
      twilio: {
        accountSid: whole.TWILIO_ACCOUNT_SID,
        authTokens: ['a-token-of-enough-length', 'its-later-successor'],
        messagingFrom: '38600',
        apiBaseUrl: null,
      },
      payConnector: { name: 'Default', credentials: { username: 'twilio', password: 'a-password-of-enough-length' } },
    });
  });

  it.each(Object.keys(whole))('is refused without %s', (name) => {
    const { [name as keyof typeof whole]: _, ...others } = whole;
    expect(problemsOf(others)).toEqual([expect.stringMatching(`^${name}: required beside `)]);
  });

  it.each(['+33123456789', '38600', 'GUICHET', `MG${'a'.repeat(32)}`])('sends texts from %s', (from) => {
    expect(readConfig({ ...whole, TWILIO_MESSAGING_FROM: from }).twilio?.messagingFrom).toBe(from);
  });

  it('has an address that fits into a text with its key', () => {
    const https = (length: number) => `https://${'a'.repeat(50)}`.slice(0, length - 8).concat('.example');
    const key = (name: string) =>
      `${name}:${Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('base64')}`;
    // Without keys of its own, development makes one with a name of six.
    expect(problemsOf({ ...whole, PUBLIC_URL: https(44) })).toEqual([]);
    expect(problemsOf({ ...whole, PUBLIC_URL: https(45) })).toEqual([
      "PUBLIC_URL: 45 characters, and 6 of the first signing key's name: a text has room for 50 together; " +
        'give a shorter address, or a key with a shorter name',
    ]);
    expect(problemsOf({ ...whole, PUBLIC_URL: https(45), SIGNING_KEYS: key('short') })).toEqual([]);
    expect(problemsOf({ ...whole, PUBLIC_URL: https(30), SIGNING_KEYS: key('signing-2030-january-1') })).toHaveLength(
      1,
    );
    // Where nobody is texted it may be as long as it likes.
    expect(problemsOf({ PUBLIC_URL: https(48), SIGNING_KEYS: key('signing-2030-january-1') })).toEqual([]);
  });

  it.each(['0123456789', 'A-NAME-TOO-LONG', '123'])('does not send texts from %s', (from) => {
    expect(problemsOf({ ...whole, TWILIO_MESSAGING_FROM: from })).toEqual([
      expect.stringContaining('TWILIO_MESSAGING_FROM: give'),
    ]);
  });
});
