import { describe, expect, it } from 'vitest';
import { ConfigProblem, readConfig } from '../src/config.js';

/** Settings that make a process one of a cluster. */

/** A key made of a seed, so that nothing here is random. */
const key = (id: string, seed: number): string =>
  `${id}:${Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 7 + seed) % 256)).toString('base64')}`;
const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://pay.example.org',
  DATA_DIR: '/nowhere/at/all',
  VAULT_KEYS: key('v1', 1),
  SIGNING_KEYS: key('s1', 2),
  SMTP_URL: 'smtps://mail.example.org',
  MAIL_FROM: 'pay@example.org',
};

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigProblem) return error.problems;
    throw error;
  }
}

describe('a cluster', () => {
  const both = {
    MONGODB_URL: 'mongodb://u:p@one:27017,two:27018/guichet?replicaSet=rs0',
    REDIS_URL: 'redis://:p@redis:6379',
    PUBLIC_URL: 'https://pay.example.org',
  };

  it('is where both addresses are given, and a process may be a part of it', () => {
    expect(readConfig({ ...both, ROLE: 'worker' })).toMatchObject({
      role: 'worker',
      cluster: { mongodbUrl: both.MONGODB_URL, redisUrl: both.REDIS_URL },
    });
  });

  it.each([
    [{ ...both, REDIS_URL: '' }, 'REDIS_URL: required beside MONGODB_URL'],
    [{ ...both, MONGODB_URL: '' }, 'MONGODB_URL: required beside REDIS_URL'],
    [{ ...both, MONGODB_URL: 'mongo://one' }, 'MONGODB_URL: not an address'],
    [{ ...both, MONGODB_URL: 'mongodb://one two' }, 'MONGODB_URL: not an address'],
    [{ ...both, REDIS_URL: 'redis://' }, 'REDIS_URL: not an address'],
    [{ ...both, REDIS_URL: 'http://redis:6379' }, 'REDIS_URL: not an address'],
    [{ ...both, REDIS_URL: 'redis://redis:6379/zero' }, 'REDIS_URL: not an address'],
    [{ ...both, PUBLIC_URL: '' }, 'PUBLIC_URL: required in a cluster'],
    [{ ...both, ROLE: 'boss' }, 'ROLE: give one of web, worker, all'],
    [{ ROLE: 'web' }, 'ROLE: web is one part of a cluster'],
    [{ ROLE: 'worker' }, 'ROLE: worker is one part of a cluster'],
    [{ ...PRODUCTION, ...both }, 'SANDBOX_URL: required in a production cluster'],
  ])('refuses %o', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([expect.stringContaining(problem)]);
  });

  it('names all that production lacks at once', () => {
    const problems = problemsOf({ NODE_ENV: 'production', ...both, PUBLIC_URL: '' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PUBLIC_URL',
      'VAULT_KEYS',
      'SIGNING_KEYS',
      'SMTP_URL',
      'MAIL_FROM',
      'SANDBOX_URL',
    ]);
  });
});
