import { z } from 'zod';
import { presentMerchant } from '../../merchants/present.js';
import { cursorInvalid } from '../cursors.js';
import type { ApiPorts } from '../ports.js';
import type { Reply } from '../reply.js';
import { type Route, route } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';
import type { Tools } from '../tools.js';

/** A place in a list of numbers that rise: a position in the feed, a sequence in a payment. */
const place = z
  .string()
  .regex(/^\d{1,15}$/, 'The `next` of an earlier answer.')
  .optional()
  .transform((given) => (given === undefined ? 0 : Number(given)));

/** Refunds, events, the timeline, the merchant: what only reads. */
export function readingRoutes(ports: ApiPorts, { owned }: Tools): Route[] {
  return [...refundRoutes(ports, owned), ...eventRoutes(ports, owned), timelineRoute(ports, owned), merchantRoute()];
}

function refundRoutes({ presenter }: ApiPorts, owned: Tools['owned']): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/refunds/{id}',
      operationId: 'readRefund',
      tag: 'Refunds',
      summary: 'Read a refund.',
      params: schemas.byId,
      query: schemas.none,
      body: null,
      answers: { 200: { description: 'The refund.', schema: shapes.refund } },
      refusals: ['refund_not_found'],
      async handle({ caller, params }) {
        const { payment, refund } = await owned.findRefund(caller, params.id);
        return owned.showRefund(payment, refund);
      },
    }),
    route({
      method: 'GET',
      path: '/v1/refunds',
      operationId: 'listRefunds',
      tag: 'Refunds',
      summary: 'List the refunds of a payment, newest first.',
      params: schemas.none,
      query: z.strictObject({ payment: schemas.cursor, limit: schemas.limit, after: schemas.after }),
      body: null,
      answers: { 200: { description: 'A page of refunds.', schema: shapes.pageOf(shapes.refund) } },
      refusals: ['payment_not_found', 'cursor_invalid'],
      async handle({ caller, query }) {
        const payment = await owned.find(caller, query.payment);
        const newestFirst = payment.refunds.toReversed();
        const { data, next } = pageOf(newestFirst, query);
        return { status: 200, body: { data: data.map((refund) => presenter.refund(payment, refund)), next } };
      },
    }),
  ];
}

/** A page of a list that is at hand as a whole. @throws Problem 400 `cursor_invalid` */
function pageOf<T extends { readonly id: string }>(
  all: readonly T[],
  { limit, after }: { limit: number; after?: string | undefined },
): { data: T[]; next: string | null } {
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) throw cursorInvalid();
  const data = all.slice(start, start + limit);
  return { data, next: start + limit < all.length ? (data.at(-1)?.id ?? null) : null };
}

function eventRoutes({ store, eventBody }: ApiPorts, owned: Tools['owned']): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/payments/{id}/events',
      operationId: 'listPaymentEvents',
      tag: 'Events',
      summary: 'The events of a payment by their `sequence`, oldest first.',
      params: schemas.byId,
      query: z.strictObject({ limit: schemas.limit, after: place }),
      body: null,
      answers: { 200: { description: 'A page of events.', schema: shapes.pageOf(shapes.event) } },
      refusals: ['payment_not_found', 'cursor_invalid'],
      async handle({ caller, params, query }) {
        const { id } = await owned.find(caller, params.id);
        const all = await store.feed.ofPayment(id);
        notBeyond(all.at(-1)?.event.sequence ?? 0, query.after);
        const entries = all.filter(({ event }) => event.sequence > query.after);
        const page = entries.slice(0, query.limit);
        const last = entries.length > page.length ? page.at(-1)?.event.sequence : undefined;
        return eventsReply(page.map(eventBody), last === undefined ? null : String(last));
      },
    }),
    route({
      method: 'GET',
      path: '/v1/events',
      operationId: 'listEvents',
      tag: 'Events',
      summary: 'Every event by its `position`, oldest first, for ever. Keep `next` and ask again: it is never null.',
      params: schemas.none,
      query: z.strictObject({ limit: schemas.limit, after: place }),
      body: null,
      answers: { 200: { description: 'A page of the feed.', schema: shapes.feedPage } },
      refusals: ['cursor_invalid'],
      async handle({ caller: { merchant, mode }, query }) {
        const entries = await store.feed.after(merchant.id, mode, query.after, query.limit);
        if (entries.length === 0) notBeyond(await store.feed.head(merchant.id, mode), query.after);
        return eventsReply(entries.map(eventBody), String(entries.at(-1)?.position ?? query.after));
      },
    }),
  ];
}

/** Who asks for what follows a place that is not there yet would never be told what comes before it. */
function notBeyond(last: number, after: number): void {
  if (after > last) throw cursorInvalid(`The last place is ${last}.`);
}

/** Events are spliced in as they were rendered with their commit. */
function eventsReply(bodies: readonly string[], next: string | null): Reply {
  return { status: 200, text: `{"data":[${bodies.join(',')}],"next":${JSON.stringify(next)}}` };
}

function timelineRoute({ timeline }: ApiPorts, owned: Tools['owned']): Route {
  return route({
    method: 'GET',
    path: '/v1/payments/{id}/timeline',
    operationId: 'readTimeline',
    tag: 'Events',
    summary: 'The payment as a story for people, in the language of `Accept-Language` (en, fr).',
    params: schemas.byId,
    query: schemas.none,
    body: null,
    answers: { 200: { description: 'The timeline.', schema: shapes.timeline } },
    refusals: ['payment_not_found'],
    async handle({ caller, params, acceptLanguage }) {
      const language = preferred(acceptLanguage);
      const body = timeline(await owned.find(caller, params.id), language);
      return { status: 200, body, headers: { 'content-language': language, vary: 'accept-language' } };
    },
  });
}

/** French where it is preferred to English, else English (RFC 9110, 12.5.4). */
export function preferred(header: string | null): 'en' | 'fr' {
  const weights = { en: 0, fr: 0 };
  for (const part of (header ?? '').slice(0, 255).split(',')) {
    const [, tag, quality] =
      /^\s*([a-z]{2})(?:-[a-z0-9-]+)?\s*(?:;\s*q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?))?\s*$/i.exec(part) ?? [];
    const language = tag?.toLowerCase();
    if (language !== 'en' && language !== 'fr') continue;
    weights[language] = Math.max(weights[language], quality === undefined ? 1 : Number(quality));
  }
  const [frenchAt, englishAt] = [header?.search(/\bfr\b/i) ?? -1, header?.search(/\ben\b/i) ?? -1];
  if (weights.fr === weights.en) return weights.fr > 0 && frenchAt < englishAt ? 'fr' : 'en';
  return weights.fr > weights.en ? 'fr' : 'en';
}

function merchantRoute(): Route {
  return route({
    method: 'GET',
    path: '/v1/merchant',
    operationId: 'readMerchant',
    tag: 'Merchant',
    summary: 'Your profile. It is changed by `npm run merchant -- update`.',
    params: schemas.none,
    query: schemas.none,
    body: null,
    answers: { 200: { description: 'The profile.', schema: shapes.merchant } },
    refusals: [],
    handle: async ({ caller }) => ({ status: 200, body: presentMerchant(caller.merchant, caller.mode) }),
  });
}
