import type { Described, Proof } from '../route.js';
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
  payment: 'pay_0A1b2C',
};
/** What stands there only where it must, and in paths. */
const NEEDED: Readonly<Record<string, unknown>> = { operator: 'op_demo', account: 'customer-7', device: 'box-7' };
/** Optional objects that examples show, and what is chosen where there is a choice. */
const SHOWN = new Set(['payer']);
const CHOSEN: Readonly<Record<string, unknown>> = { key: 'OK' };

/** A body that the schema takes: what is required and what is worth showing. */
export function exampleOf(schema: Schema): unknown {
  if (schema.anyOf?.[0] !== undefined) return exampleOf(schema.anyOf[0] as Schema);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
      if (typeof field === 'boolean') return [];
      const isNeeded = schema.required?.includes(name) === true;
      if (name in CHOSEN) return [[name, CHOSEN[name]] as const];
      if (isKnown(name, field)) return [[name, VALUES[name]] as const];
      if (isNeeded && name in NEEDED && field.type !== 'object') return [[name, NEEDED[name]] as const];
      return isNeeded || SHOWN.has(name) ? [[name, exampleOf(field)] as const] : [];
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
  [/^\/tv\/devices\/\{id\}/, 'dvk_0A1b2C'],
];

/** What shows who asks; a signature is particular to its request, and a session stands in the path. */
const PROOFS: Readonly<Record<Proof, readonly string[]>> = {
  key: [`-H 'Authorization: Bearer sk_test_demo'`],
  signature: [
    `-H 'webhook-id: msg_0A1b2C'`,
    `-H 'webhook-timestamp: 1790000000'`,
    `-H 'webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='`,
  ],
  session: [],
};

const SESSION = 'k1.Vx3Zr0dqL8mS1tYb7cGhJw.qLm2Zt9XbW4nKd7RsYvTfA';

/** The call as a command that can be pasted. */
export function curlOf({ method, path, query, proof }: Described, body: Schema | null, publicUrl: string): string {
  const id = IDS.find(([pattern]) => pattern.test(path))?.[1] ?? 'id';
  const address = path
    .replace('{id}', id)
    .replace('{session}', SESSION)
    .replace('{account}', String(NEEDED['account']));
  const needed = Object.entries(query.shape).filter(([, schema]) => !isOptional(schema));
  const search = needed.map(([name]) => `${name}=${String(NEEDED[name] ?? 'pay_0A1b2C')}`).join('&');
  const verb = method === 'GET' || (method === 'POST' && body !== null) ? '' : `-X ${method} `;
  const lines = [`curl ${verb}'${publicUrl}${address}${search === '' ? '' : `?${search}`}'`, ...PROOFS[proof]];
  if (method === 'POST' && proof === 'key') lines.push(`-H 'Idempotency-Key: a-key-of-your-own'`);
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
