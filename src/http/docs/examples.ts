import type { Described } from '../route.js';
import type { Schema } from './fields.js';

/** What stands in examples, by the name of the field; optional fields that are not here are left away. */
const VALUES: Readonly<Record<string, unknown>> = {
  amount: 4_250,
  currency: 'EUR',
  reference: 'ORDER-1042',
  email: 'ada@example.org',
  phone: '+33612345678',
  language: 'fr',
  reason: 'Sent back by the customer',
  url: 'https://shop.example/webhooks',
  events: ['payment.*', 'refund.succeeded'],
  to: 'ada@example.org',
};
/** Optional objects that examples show. */
const SHOWN = new Set(['payer']);

/** A body that the schema takes: what is required and what is worth showing. */
export function exampleOf(schema: Schema): unknown {
  if (schema.anyOf?.[0] !== undefined) return exampleOf(schema.anyOf[0] as Schema);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
      if (typeof field === 'boolean') return [];
      const isWanted = schema.required?.includes(name) === true || SHOWN.has(name) || isKnown(name, field);
      return isWanted ? [[name, isKnown(name, field) ? VALUES[name] : exampleOf(field)] as const] : [];
    });
    return Object.fromEntries(fields);
  }
  if (schema.type === 'integer') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  return schema.type === 'array' ? [] : 'text';
}

/** A choice is made from its choices: `reason` of a refund is text, that of `pay_with` is not. */
function isKnown(name: string, field: Schema): boolean {
  const options = [field, ...(field.anyOf ?? [])] as Schema[];
  return name in VALUES && options.every((option) => option.enum === undefined);
}

const IDS: readonly (readonly [RegExp, string])[] = [
  [/^\/v1\/payments\/\{id\}/, 'pay_0A1b2C'],
  [/^\/v1\/refunds\/\{id\}/, 'rfd_0A1b2C'],
  [/deliveries\/\{id\}/, 'dlv_0A1b2C'],
  [/^\/v1\/webhook_endpoints\/\{id\}/, 'whk_0A1b2C'],
  [/instruments\/\{id\}/, 'ins_0A1b2C'],
];

/** The call as a command that can be pasted. */
export function curlOf({ method, path, query }: Described, body: Schema | null, publicUrl: string): string {
  const id = IDS.find(([pattern]) => pattern.test(path))?.[1] ?? 'id';
  const address = path.replace('{id}', id).replace('{account}', 'customer-7');
  const needed = Object.entries(query.shape).filter(([, schema]) => !isOptional(schema));
  const search = needed.map(([name]) => `${name}=pay_0A1b2C`).join('&');
  const verb = method === 'GET' || (method === 'POST' && body !== null) ? '' : `-X ${method} `;
  const lines = [
    `curl ${verb}'${publicUrl}${address}${search === '' ? '' : `?${search}`}'`,
    `-H 'Authorization: Bearer sk_test_demo'`,
  ];
  if (method === 'POST') lines.push(`-H 'Idempotency-Key: a-key-of-your-own'`);
  if (body !== null) {
    lines.push(
      `-H 'Content-Type: application/json'`,
      `-d '${JSON.stringify(exampleOf(body), null, 1).replaceAll(/\n\s*/g, ' ')}'`,
    );
  }
  return lines.join(' \\\n  ');
}

function isOptional(schema: unknown): boolean {
  return (schema as Described['query']).safeParse(undefined).success;
}
