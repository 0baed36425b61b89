import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../src/http/problems.js';
import { at, startWorld } from './world.js';

type Json = Record<string, unknown>;

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}

/** Every reference inside a document, and every place that has a name. */
function references(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(references);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    name === '$ref' && typeof value === 'string' ? [value] : references(value),
  );
}

describe('error codes', () => {
  it('thrown anywhere stand in the table with their status', () => {
    const thrown = ['src', 'channels']
      .flatMap(sources)
      .flatMap((source) => [...source.matchAll(/new Problem\(\s*(\d{3}),\s*'([a-z_]+)'/g)])
      .map(([, status, code]) => `${code} ${status}`);
    expect(thrown.length).toBeGreaterThan(40);
    const listed = Object.entries(PROBLEMS).map(([code, { status }]) => `${code} ${status}`);
    expect(thrown.filter((one) => !listed.includes(one))).toEqual([]);
  });

  it('named as refusals of routes stand in the table', async () => {
    const { routes } = await startWorld();
    const named = routes.flatMap(({ refusals }) => refusals);
    expect(named.filter((code) => PROBLEMS[code] === undefined)).toEqual([]);
  });
});

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 that holds together', async () => {
    const { call, routes } = await startWorld();
    const document = (await call('GET', '/openapi.json')).body as Json & {
      openapi: string;
      paths: Record<string, Record<string, Json>>;
      components: { schemas: Json };
    };
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations).toHaveLength(routes.length);
    const ids = operations.map(({ operation }) => operation['operationId']);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const parameters = operation['parameters'] as { name: string; in: string; required: boolean; schema: Json }[];
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
      for (const { required, in: place, schema } of parameters) {
        if (place === 'path') expect(required).toBe(true);
        expect(schema).toBeTypeOf('object');
      }
      const responses = Object.entries(operation['responses'] as Record<string, Json>);
      expect(responses.some(([status]) => /^2\d\d$/.test(status))).toBe(true);
      for (const [status, { description }] of responses) {
        expect(status).toMatch(/^(?:[1-5]\d\d|default)$/);
        expect(description).toBeTypeOf('string');
      }
    }
    const missing = references(document).filter(
      (ref) => document.components.schemas[ref.replace('#/components/schemas/', '')] === undefined,
    );
    expect(missing).toEqual([]);
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Payment', 'Refund', 'Problem', 'Event']),
    );
  });

  it('says of a body what the server takes', async () => {
    const { call } = await startWorld();
    const document = await call('GET', '/openapi.json');
    const body = at(document, 'paths./v1/payments.post.requestBody.content.application/json.schema') as Json;
    expect(body).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['amount', 'currency', 'reference'],
    });
    expect(body['properties']).toMatchObject({ amount: { type: 'integer', minimum: 1, maximum: 99_999_999 } });
    const answer = at(document, 'paths./v1/payments.post.responses.201.content.application/json.schema');
    expect(answer).toEqual({ $ref: '#/components/schemas/Payment' });
  });
});

describe('/docs', () => {
  it('is where every problem’s type leads', async () => {
    const { call } = await startWorld();
    const answer = await call('GET', '/v1/payments/pay_nothing');
    expect(at(answer, 'type')).toBe('http://127.0.0.1:3000/docs#payment_not_found');
  });
});
