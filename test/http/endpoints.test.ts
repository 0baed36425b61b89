import { describe, expect, it } from 'vitest';
import { at, startWorld, textAt } from './world.js';

const URL_IN = 'https://hooks.example/in';

describe('/v1/webhook_endpoints', () => {
  it('shows a secret once, and never in a replay', async () => {
    const { call } = await startWorld();
    const request = {
      body: { url: URL_IN, events: ['payment.*'], description: 'Shop' },
      headers: { 'idempotency-key': 'w' },
    };
    const made = await call('POST', '/v1/webhook_endpoints', request);
    expect(made.status).toBe(201);
    expect(textAt(made, 'secret')).toMatch(/^whsec_/);
    const again = await call('POST', '/v1/webhook_endpoints', request);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.text).not.toContain('whsec_');
    const id = textAt(made, 'id');
    expect(textAt(again, 'id')).toBe(id);
    expect((await call('GET', `/v1/webhook_endpoints/${id}`)).text).not.toContain('whsec_');
    const rotated = await call('POST', `/v1/webhook_endpoints/${id}/rotate`);
    expect(textAt(rotated, 'secret')).not.toBe(textAt(made, 'secret'));
  });

  it('is changed, tested, listed with its deliveries, and deleted', async () => {
    const { call } = await startWorld();
    const id = textAt(await call('POST', '/v1/webhook_endpoints', { body: { url: URL_IN } }), 'id');
    const path = `/v1/webhook_endpoints/${id}`;
    const body = { url: 'http://127.0.0.1:9/new', events: ['payment.succeeded'], description: null };
    expect((await call('PATCH', path, { body })).body).toMatchObject(body);
    const sent = await call('POST', `${path}/test`);
    expect(sent.body).toMatchObject({ object: 'webhook_delivery', endpoint: id, type: 'endpoint.test' });
    expect(at(await call('GET', `${path}/deliveries?limit=1`), 'data.0.id')).toBe(textAt(sent, 'id'));
    const replayed = await call('POST', `/v1/webhook_endpoints/deliveries/${textAt(sent, 'id')}/replay`);
    expect(at(replayed, 'id')).toBe(textAt(sent, 'id'));
    expect(at(await call('PATCH', path, { body: { status: 'disabled' } }), 'status')).toBe('disabled');
    expect(at(await call('POST', `${path}/test`), 'code')).toBe('endpoint_disabled');
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
    expect(at(await call('GET', '/v1/webhook_endpoints'), 'data')).toEqual([]);
  });

  it('refuses addresses and event types that cannot be', async () => {
    const { call } = await startWorld();
    const codeFor = async (body: object) => at(await call('POST', '/v1/webhook_endpoints', { body }), 'code');
    expect(await codeFor({ url: 'https://10.0.0.1/in' })).toBe('url_not_allowed');
    expect(await codeFor({ url: URL_IN, events: ['payment.paid'] })).toBe('unknown_event_type');
  });
});
