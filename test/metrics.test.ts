import { describe, expect, it } from 'vitest';
import { createMetrics } from '../src/metrics.js';

describe('metrics', () => {
  it('count what they are told', async () => {
    const metrics = createMetrics();
    metrics.paymentChanged({ status: 'succeeded', channel: 'web', mode: 'test' });
    metrics.paymentChanged({ status: 'succeeded', channel: 'web', mode: 'test' });
    metrics.paymentChanged({ status: 'failed', channel: null, mode: 'live' });
    metrics.operationAnswered({ acquirer: 'sandbox', type: 'authorize', outcome: 'unknown' });
    metrics.unknownOutcomes(3);
    metrics.unknownOutcomes(1);
    metrics.swept(4);
    metrics.swept(0);
    metrics.quarantined();
    metrics.webhookTried('delivered');
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('guichet_'));
    for (const line of [
      'guichet_payments_total{status="succeeded",channel="web",mode="test"} 2',
      'guichet_payments_total{status="failed",channel="none",mode="live"} 1',
      'guichet_operations_total{acquirer="sandbox",type="authorize",status="unknown"} 1',
      'guichet_unknown_outcomes 1',
      'guichet_sweeps_total 2',
      'guichet_swept_payments_total 4',
      'guichet_quarantined_total 1',
      'guichet_webhook_deliveries_total{result="delivered"} 1',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('measure a request by its route, never by its path', async () => {
    const metrics = createMetrics();
    metrics.requestBegan()({ method: 'GET', route: '/v1/payments/{id}', status: 200 });
    metrics.requestBegan()({ method: 'BREW', route: null, status: 404 });
    const text = await metrics.text();
    const name = 'guichet_http_request_duration_seconds';
    expect(text).toContain(`${name}_count{method="GET",route="/v1/payments/{id}",status="200"} 1`);
    expect(text).toContain(`${name}_count{method="other",route="none",status="404"} 1`);
    const sum = new RegExp(`${name}_sum\\{method="GET".*\\} (\\S+)`).exec(text)?.[1];
    expect(Number(sum)).toBeGreaterThan(0);
    expect(Number(sum)).toBeLessThan(5);
  });

  it('stay small whatever labels come', async () => {
    const metrics = createMetrics();
    for (let index = 0; index < 1_000; index += 1) {
      metrics.operationAnswered({ acquirer: `a${index}`, type: 'refund', outcome: 'approved' });
    }
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('guichet_operations_total{'));
    expect(lines).toHaveLength(201);
    expect(lines.at(-1)).toBe('guichet_operations_total{acquirer="other",type="refund",status="approved"} 800');
  });

  it('belong to their process part only, and tell of the process itself', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.quarantined();
    expect(await other.text()).toContain('guichet_quarantined_total 0');
    expect(await other.text()).toContain('process_resident_memory_bytes');
    expect(one.contentType).toContain('text/plain');
  });
});
