import { createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE_SECONDS = 5 * 60;

/**
 * Answers the event of a webhook, or throws. `headers` are Node's (lower case), `body` is the raw text as it arrived, `secret` begins with whsec_.
 * Then use each event id once: the same event may arrive twice, and whoever overheard it may send it again within the five minutes.
 */
export function verifyWebhook(headers, body, secret, now = Date.now() / 1000) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (!id || !/^\d{1,12}$/.test(timestamp ?? '') || !signatures) throw new Error('not a signed webhook');
  if (Math.abs(now - Number(timestamp)) > TOLERANCE_SECONDS) throw new Error('too old, or from the future');

  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  // While a secret is rotated there are several signatures; one that fits is enough.
  const isOurs = signatures.split(' ').some((signature) => {
    const [version, value = ''] = signature.split(',');
    const given = Buffer.from(value, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!isOurs) throw new Error('the signature does not fit');
  return JSON.parse(body);
}
