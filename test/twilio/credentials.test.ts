import { describe, expect, it } from 'vitest';
import { createCredentials } from '../../src/twilio/credentials.js';

const isRight = createCredentials({ username: 'twilio', password: 'a-secret-of-16-characters' });

describe('credentials', () => {
  it.each([
    ['twilio', 'a-secret-of-16-characters', true],
    ['twilio', 'a-secret-of-16-character', false],
    ['twilio', 'a-secret-of-16-characters ', false],
    ['Twilio', 'a-secret-of-16-characters', false],
    ['', '', false],
    ['a-secret-of-16-characters', 'twilio', false],
    ['twilio:a', '-secret-of-16-characters', false],
  ])('%s, %s: %s', (username, password, expected) => {
    expect(isRight(username, password)).toBe(expected);
  });
});
