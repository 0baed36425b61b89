import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curlOf } from '../../../src/lab/page/exchanges.js';

describe('a call as curl', () => {
  it('survives a shell, whatever is in it', () => {
    const body = `{"description":"it's $HOME \`id\` \\"x\\""}`;
    const curl = curlOf({
      ...{ kind: 'call', at: 0, method: 'POST', url: 'http://127.0.0.1:1/v1/payments', status: 201, answer: '' },
      headers: { authorization: 'Bearer sk_test_demo' },
      body,
    });
    const seen = execFileSync('sh', ['-c', `curl() { for one in "$@"; do printf '%s\\n' "$one"; done; }\n${curl}`]);
    expect(seen.toString().trimEnd().split('\n')).toEqual([
      '-X',
      'POST',
      'http://127.0.0.1:1/v1/payments',
      '-H',
      'authorization: Bearer sk_test_demo',
      '-d',
      body,
    ]);
  });
});
