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

  it.each(['0123456789', 'A-NAME-TOO-LONG', '123'])('does not send texts from %s', (from) => {
    expect(problemsOf({ ...whole, TWILIO_MESSAGING_FROM: from })).toEqual([
      expect.stringContaining('TWILIO_MESSAGING_FROM: give'),
    ]);
  });
});
