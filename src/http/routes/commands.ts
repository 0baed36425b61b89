import { z } from 'zod';
import type { ApiPorts } from '../ports.js';
import { REQUEST_MS, type Route, route } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';
import type { Tools } from '../tools.js';

const TAG = 'Payments';
const thePayment = { 200: { description: 'The payment as it is now.', schema: shapes.payment } };

/** Cancel, capture, refund, resolve: they wait for the outcome until the request's deadline. */
export function commandRoutes(ports: ApiPorts, tools: Tools): Route[] {
  return [...endingRoutes(ports, tools), ...moneyRoutes(ports, tools)];
}

function endingRoutes({ engine }: ApiPorts, { owned, once }: Tools): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/payments/{id}/cancel',
      operationId: 'cancelPayment',
      tag: TAG,
      summary: 'Cancel before capture; releases what was authorized.',
      params: schemas.byId,
      query: schemas.none,
      body: schemas.none,
      answers: thePayment,
      refusals: ['payment_not_found', 'payment_not_cancelable', 'operation_in_progress'],
      handle: (request) =>
        once(owned.family, request, async (kept) => {
          const { id } = await owned.find(request.caller, request.params.id);
          const deadline = request.now + REQUEST_MS;
          return owned.show(await engine.cancel(id, { by: 'merchant', request: kept, deadline }));
        }),
    }),
    route({
      method: 'POST',
      path: '/v1/payments/{id}/resolve',
      operationId: 'resolvePayment',
      tag: TAG,
      summary: 'End `requires_review`: keep the money, or return it.',
      params: schemas.byId,
      query: schemas.none,
      body: z.strictObject({ decision: z.enum(['keep', 'return']) }),
      answers: thePayment,
      refusals: ['payment_not_found', 'payment_not_in_review', 'reference_in_use'],
      handle: (request) =>
        once(owned.family, request, async (kept) => {
          const { id } = await owned.find(request.caller, request.params.id);
          const { decision } = request.body;
          return owned.show(await engine.resolve(id, { decision, request: kept, deadline: request.now + REQUEST_MS }));
        }),
    }),
  ];
}

function moneyRoutes({ engine }: ApiPorts, { owned, once }: Tools): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/payments/{id}/capture',
      operationId: 'capturePayment',
      tag: TAG,
      summary: 'Capture what is held, all of it or a part. `final: false` keeps the remainder capturable.',
      params: schemas.byId,
      query: schemas.none,
      body: z.strictObject({
        amount: schemas.amount.optional().describe('All that is left, if not given.'),
        final: z.boolean().optional().describe('True if not given: the remainder is released.'),
      }),
      answers: thePayment,
      refusals: [
        'payment_not_found',
        'payment_not_capturable',
        'multiple_captures_not_supported',
        'operation_in_progress',
        'amount_too_large',
      ],
      handle: (request) =>
        once(owned.family, request, async (kept) => {
          const { id } = await owned.find(request.caller, request.params.id);
          const { amount = null, final = true } = request.body;
          const deadline = request.now + REQUEST_MS;
          return owned.show(await engine.capture(id, { amount, final, request: kept, deadline }));
        }),
    }),
    route({
      method: 'POST',
      path: '/v1/payments/{id}/refunds',
      operationId: 'createRefund',
      tag: 'Refunds',
      summary: 'Refund captured money, all of it or a part, several times.',
      params: schemas.byId,
      query: schemas.none,
      body: z.strictObject({
        amount: schemas.amount.optional().describe('All that is left, if not given.'),
        reason: schemas.text(255).nullish(),
        reference: schemas.reference.nullish(),
        metadata: schemas.metadata.optional(),
      }),
      answers: { 201: { description: 'The refund.', schema: shapes.refund } },
      refusals: ['payment_not_found', 'payment_not_refundable', 'operation_in_progress', 'amount_too_large'],
      handle: (request) =>
        once(owned.family, request, async (kept) => {
          const found = await owned.find(request.caller, request.params.id);
          const { amount = null, reason = null, reference = null, metadata = {} } = request.body;
          const deadline = request.now + REQUEST_MS;
          const wanted = { amount, reason, reference, metadata, request: kept, deadline };
          const { payment, refund } = await engine.refund(found.id, wanted);
          return owned.showRefund(payment, refund, 201);
        }),
    }),
  ];
}
