import { z } from 'zod';
import { DuplicateKey, Problem } from '../../contracts/errors.js';
import { PAYMENT_STATUSES } from '../../contracts/payment.js';
import type { PaymentQuery } from '../../contracts/store.js';
import type { Caller } from '../authenticate.js';
import { cursorInvalid } from '../cursors.js';
import { newPayment, newPaymentBody } from '../new_payment.js';
import type { ApiPorts } from '../ports.js';
import { admitReach } from '../reaching.js';
import type { Reply } from '../reply.js';
import { type Route, route } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';
import type { Tools } from '../tools.js';

const TAG = 'Payments';
const RACES_MAX = 3;

const listQuery = z.strictObject({
  status: z.enum(PAYMENT_STATUSES).optional(),
  reference: schemas.reference.optional(),
  channel: schemas.channel.optional(),
  instrument: schemas.instrument.optional(),
  'created[gte]': schemas.time.optional(),
  'created[lt]': schemas.time.optional(),
  limit: schemas.limit,
  after: schemas.after,
});

/** Create, read and list. The first two are the hottest routes of the house. */
export function paymentRoutes(ports: ApiPorts, { owned, once }: Tools): Route[] {
  const { engine, store } = ports;

  /** Names the payment that holds a reference; should it be free again by then, the work is done after all. */
  async function namingHolder(
    { merchant, mode }: Caller,
    reference: string,
    work: () => Promise<Reply>,
  ): Promise<Reply> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof DuplicateKey && error.index === 'reference')) throw error;
      }
      const holder = await store.payments.holderOf(merchant.id, mode, reference);
      if (holder === null) continue;
      const detail = 'Another payment that is open or paid has this reference.';
      throw new Problem(409, 'reference_in_use', detail, { members: { payment: holder } });
    }
    throw new Problem(503, 'busy', 'This reference is being taken and freed: try again.', { retryAfterSeconds: 1 });
  }

  return [
    route({
      method: 'POST',
      path: '/v1/payments',
      operationId: 'createPayment',
      tag: TAG,
      summary: 'Create a payment; with `pay_with`, pay it at once. A decline is a value inside the answer.',
      params: schemas.none,
      query: schemas.none,
      body: newPaymentBody,
      answers: { 201: { description: 'The payment.', schema: shapes.payment } },
      refusals: [
        'reference_in_use',
        'currency_not_accepted',
        'instrument_not_available',
        'channel_not_available',
        'return_url_not_registered',
        'instrument_not_found',
        'no_acquirer',
        'recipient_missing',
        'number_not_reachable',
        'opted_out',
        'too_many_reaches',
      ],
      handle: (request) =>
        namingHolder(request.caller, request.body.reference, () =>
          once(owned.family, request, async (kept) => {
            const wanted = await newPayment(ports, request, kept);
            if (wanted.reach !== undefined) await admitReach(ports, wanted, wanted.reach);
            return owned.show(await engine.create(wanted), 201);
          }),
        ),
    }),
    route({
      method: 'GET',
      path: '/v1/payments/{id}',
      operationId: 'readPayment',
      tag: TAG,
      summary: 'Read a payment.',
      params: schemas.byId,
      query: schemas.none,
      body: null,
      answers: { 200: { description: 'The payment.', schema: shapes.payment } },
      refusals: ['payment_not_found'],
      handle: async ({ caller, params }) => owned.show(await owned.find(caller, params.id)),
    }),
    route({
      method: 'GET',
      path: '/v1/payments',
      operationId: 'listPayments',
      tag: TAG,
      summary: 'List payments, newest first.',
      params: schemas.none,
      query: listQuery,
      body: null,
      answers: { 200: { description: 'A page of payments.', schema: shapes.pageOf(shapes.payment) } },
      refusals: ['cursor_invalid'],
      async handle({ caller, query }) {
        const page = await store.payments.list(paymentQuery(caller, query));
        const { after } = query;
        if (page.data.length === 0 && after !== undefined && !(await owned.has(caller, after))) throw cursorInvalid();
        const data = page.data.map((payment) => ports.presenter.payment(payment));
        return { status: 200, body: { data, next: page.next } };
      },
    }),
  ];
}

function paymentQuery({ merchant, mode }: Caller, query: z.output<typeof listQuery>): PaymentQuery {
  const { status, reference, channel, instrument, after } = query;
  const { 'created[gte]': createdFrom, 'created[lt]': createdBefore } = query;
  return {
    merchant: merchant.id,
    mode,
    limit: query.limit,
    ...(status !== undefined && { status }),
    ...(reference !== undefined && { reference }),
    ...(channel !== undefined && { channel }),
    ...(instrument !== undefined && { instrument }),
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdBefore !== undefined && { createdBefore }),
    ...(after !== undefined && { after }),
  };
}
