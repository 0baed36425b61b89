import { createHmac, randomUUID } from 'node:crypto';

/**
 * The three headers of one request, as Standard Webhooks signs. `payload` is the body byte for byte as it is sent; for a request
 * without one, its path and query. `secret` begins with whsec_. Each request needs an id of its own, also when it is tried again.
 */
export function signedHeaders(secret, payload, id = `msg_${randomUUID()}`, now = Date.now() / 1000) {
  const timestamp = String(Math.floor(now));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${payload}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** One call as your middleware makes it: the operator stands in the body, or in the query where there is no body. */
export function askGuichet({ url, operator, secret }, method, path, body = null) {
  if (body === null) {
    const address = `${path}?operator=${operator}`;
    return fetch(url + address, { method, headers: signedHeaders(secret, address) });
  }
  const text = JSON.stringify({ operator, ...body });
  const headers = { ...signedHeaders(secret, text), 'content-type': 'application/json' };
  return fetch(url + path, { method, headers, body: text });
}
