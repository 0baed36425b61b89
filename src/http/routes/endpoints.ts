import { z } from 'zod';
import type { Caller } from '../authenticate.js';
import type { Family } from '../idempotency.js';
import type { ApiPorts } from '../ports.js';
import type { Reply } from '../reply.js';
import { type Route, route } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';
import type { Tools } from '../tools.js';

const TAG = 'Webhooks';
const theEndpoint = { 200: { description: 'The endpoint.', schema: shapes.endpoint } };
const theDelivery = { 200: { description: 'The delivery.', schema: shapes.delivery } };

const url = schemas.webAddress.describe('A public https address.');
const events = z
  .array(schemas.text(64))
  .max(64)
  .describe('Event types, or families such as `payment.*`; all if empty.');
const description = schemas.text(255).nullish();

/** Where the merchant wants events sent. */
export function endpointRoutes(ports: ApiPorts, { once }: Tools): Route[] {
  const family = endpointFamily(ports);
  return [...managing(ports, family, once), ...changing(ports, family, once), ...deliveryRoutes(ports, family, once)];
}

const ownerOf = ({ merchant, mode }: Caller) => ({ merchant: merchant.id, mode });

/** Secrets are shown once: a kept answer never has one. What has no answer is a replay that broke off: it is ended. */
function endpointFamily({ store, endpoints, presentDelivery }: ApiPorts): Family {
  return {
    async find(merchant, mode, key) {
      const id = await store.endpoints.byRequest(merchant, mode, key);
      const endpoint = id === null ? null : await store.endpoints.load(id);
      const kept = endpoint?.requests.find((request) => request.key === key);
      if (endpoint === null || kept === undefined) return null;
      const finished = () => endpoints.finishReplay({ merchant, mode }, kept.target, key);
      return { kept, current: async () => ok(presentDelivery(await finished())) };
    },
  };
}

function managing(ports: ApiPorts, family: Family, once: Tools['once']): Route[] {
  const { endpoints, presentEndpoint } = ports;
  return [
    route({
      method: 'POST',
      path: '/v1/webhook_endpoints',
      operationId: 'createWebhookEndpoint',
      tag: TAG,
      summary: 'Make an endpoint. Its `secret` is shown once.',
      params: schemas.none,
      query: schemas.none,
      body: z.strictObject({ url, events: events.optional(), description }),
      answers: { 201: { description: 'The endpoint with its secret.', schema: shapes.endpoint } },
      refusals: ['url_not_allowed', 'unknown_event_type', 'too_many_endpoints'],
      handle: (request) =>
        once(family, request, async (kept) => {
          const { body } = request;
          const wanted = { url: body.url, events: body.events ?? [], description: body.description ?? null };
          const { endpoint, secret } = await endpoints.create({ ...ownerOf(request.caller), ...wanted, request: kept });
          return { status: 201, body: { ...presentEndpoint(endpoint), secret } };
        }),
    }),
    route({
      method: 'GET',
      path: '/v1/webhook_endpoints',
      operationId: 'listWebhookEndpoints',
      tag: TAG,
      summary: 'List the endpoints of this mode, newest first.',
      params: schemas.none,
      query: schemas.none,
      body: null,
      answers: { 200: { description: 'All endpoints.', schema: shapes.pageOf(shapes.endpoint) } },
      refusals: [],
      async handle({ caller }) {
        const all = await endpoints.list(ownerOf(caller));
        return { status: 200, body: { data: all.map(presentEndpoint), next: null } };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/webhook_endpoints/{id}',
      operationId: 'readWebhookEndpoint',
      tag: TAG,
      summary: 'Read an endpoint.',
      params: schemas.byId,
      query: schemas.none,
      body: null,
      answers: theEndpoint,
      refusals: ['endpoint_not_found'],
      handle: async ({ caller, params }) => ok(presentEndpoint(await endpoints.find(ownerOf(caller), params.id))),
    }),
  ];
}

function changing(ports: ApiPorts, family: Family, once: Tools['once']): Route[] {
  const { endpoints, presentEndpoint, presentDelivery } = ports;
  return [
    route({
      method: 'PATCH',
      path: '/v1/webhook_endpoints/{id}',
      operationId: 'updateWebhookEndpoint',
      tag: TAG,
      summary: 'Change what is given.',
      params: schemas.byId,
      query: schemas.none,
      body: z.strictObject({
        url: url.optional(),
        events: events.optional(),
        description,
        status: z.enum(['enabled', 'disabled']).optional(),
      }),
      answers: theEndpoint,
      refusals: ['endpoint_not_found', 'url_not_allowed', 'unknown_event_type'],
      async handle({ caller, params, body }) {
        const change = {
          ...(body.url !== undefined && { url: body.url }),
          ...(body.events !== undefined && { events: body.events }),
          ...(body.description !== undefined && { description: body.description }),
          ...(body.status !== undefined && { status: body.status }),
        };
        return ok(presentEndpoint(await endpoints.update(ownerOf(caller), params.id, change)));
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/webhook_endpoints/{id}',
      operationId: 'deleteWebhookEndpoint',
      tag: TAG,
      summary: 'Delete an endpoint: nothing is sent to it any more.',
      params: schemas.byId,
      query: schemas.none,
      body: null,
      answers: theEndpoint,
      refusals: ['endpoint_not_found'],
      handle: async ({ caller, params }) => ok(presentEndpoint(await endpoints.delete(ownerOf(caller), params.id))),
    }),
    route({
      method: 'POST',
      path: '/v1/webhook_endpoints/{id}/rotate',
      operationId: 'rotateWebhookSecret',
      tag: TAG,
      summary: 'Draw a new secret, shown once; the one before signs too for 24 hours more.',
      params: schemas.byId,
      query: schemas.none,
      body: schemas.none,
      answers: theEndpoint,
      refusals: ['endpoint_not_found', 'too_many_secrets', 'too_many_requests_kept'],
      handle: (request) =>
        once(family, request, async (kept) => {
          const { endpoint, secret } = await endpoints.rotate(ownerOf(request.caller), request.params.id, kept);
          return ok({ ...presentEndpoint(endpoint), secret });
        }),
    }),
    route({
      method: 'POST',
      path: '/v1/webhook_endpoints/{id}/test',
      operationId: 'testWebhookEndpoint',
      tag: TAG,
      summary: 'Send a test event.',
      params: schemas.byId,
      query: schemas.none,
      body: schemas.none,
      answers: theDelivery,
      refusals: ['endpoint_not_found', 'endpoint_disabled', 'too_many_requests_kept'],
      handle: (request) =>
        once(family, request, async (kept) => {
          const { caller, params } = request;
          return ok(presentDelivery(await endpoints.test(ownerOf(caller), params.id, kept)));
        }),
    }),
  ];
}

function deliveryRoutes({ endpoints, presentDelivery }: ApiPorts, family: Family, once: Tools['once']): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/webhook_endpoints/{id}/deliveries',
      operationId: 'listDeliveries',
      tag: TAG,
      summary: 'List what was sent to an endpoint, newest first.',
      params: schemas.byId,
      query: z.strictObject({ limit: schemas.limit, after: schemas.after }),
      body: null,
      answers: { 200: { description: 'A page of deliveries.', schema: shapes.pageOf(shapes.delivery) } },
      refusals: ['endpoint_not_found', 'cursor_invalid'],
      async handle({ caller, params, query: { limit, after } }) {
        const wanted = { limit, ...(after !== undefined && { after }) };
        const page = await endpoints.deliveries(ownerOf(caller), params.id, wanted);
        return ok({ data: page.data.map(presentDelivery), next: page.next });
      },
    }),
    route({
      method: 'POST',
      path: '/v1/webhook_endpoints/deliveries/{id}/replay',
      operationId: 'replayDelivery',
      tag: TAG,
      summary: 'Send a delivery again, now and with three new days.',
      params: schemas.byId,
      query: schemas.none,
      body: schemas.none,
      answers: theDelivery,
      refusals: ['delivery_not_found', 'endpoint_disabled', 'too_many_requests_kept'],
      handle: (request) =>
        once(family, request, async (kept) => {
          const { caller, params } = request;
          return ok(presentDelivery(await endpoints.replay(ownerOf(caller), params.id, kept)));
        }),
    }),
  ];
}

function ok(body: Record<string, unknown>): Reply {
  return { status: 200, body };
}
