import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What the payer's browser brought back: { payment, reference, status, at }, or null when it was not signed by us. It is a hint, good for
 * the words on your page. Send nothing because of it: the truth is the webhook, or the payment as the API shows it.
 */
export function readReturn(url, returnSecret) {
  const query = new URL(url).searchParams;
  const [payment, reference, status, ts, signature] = ['payment', 'reference', 'status', 'ts', 'signature'].map(
    // The last one is ours: your own query comes before it.
    (name) => query.getAll(name).at(-1) ?? '',
  );
  const expected = createHmac('sha256', returnSecret).update(`${payment}.${reference}.${status}.${ts}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return { payment, reference, status, at: new Date(Number(ts) * 1000) };
}
