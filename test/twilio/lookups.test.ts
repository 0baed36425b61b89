import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { createTwilioTelephone } from '../../src/twilio/rest.js';
import { silentLog } from '../support/silent_log.js';

const NOW = Date.UTC(2030, 0, 8, 13, 22);
const rfc2822 = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000');

/** Lists what the provider holds: one that waits for its turn has no date of sending, and is found by none. */
async function provider(messages: readonly { sid: string; created: number; sent: number | null }[]) {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://provider');
    const sentAfter = searchParams.get('DateSent>');
    const found = messages.filter(({ sent }) => sentAfter === null || (sent !== null && sent >= Date.parse(sentAfter)));
    const listed = found.map(({ sid, created, sent }) => ({
      ...{ sid, body: sid, date_created: rfc2822(created), date_sent: sent === null ? null : rfc2822(sent) },
    }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ messages: listed, page: 0, page_size: 50, next_page_uri: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const apiBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const account = { accountSid: `AC${'1'.repeat(32)}`, authToken: 'secret', voiceFrom: '+33100000000', apiBaseUrl };
  return createTwilioTelephone({ ...account, messagingFrom: '38000' }, { clock: systemClock(), log: silentLog() });
}

it('texts are found by when they were made, for one that is queued has not been sent', async () => {
  const telephone = await provider([
    { sid: 'SM3', created: NOW + 2_000, sent: null },
    { sid: 'SM2', created: NOW, sent: NOW + 1_000 },
    { sid: 'SM1', created: NOW - 60_000, sent: NOW + 500 },
  ]);
  expect(await telephone.textsTo('+33612345678', NOW)).toEqual([
    { sid: 'SM3', body: 'SM3' },
    { sid: 'SM2', body: 'SM2' },
  ]);
});
