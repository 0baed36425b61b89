import type { ApiPorts } from '../ports.js';
import { admitReach, reachBody, reachWish } from '../reaching.js';
import { type Route, route } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';
import type { Tools } from '../tools.js';

/** Brings the payer to an open payment. */
export function reachRoutes(ports: ApiPorts, { owned, once }: Tools): Route[] {
  const { engine, presenter } = ports;
  const { live, test } = ports.reachesPerHour;
  return [
    route({
      method: 'POST',
      path: '/v1/payments/{id}/reach',
      operationId: 'reachPayer',
      tag: 'Payments',
      summary:
        'Bring the payer to an open payment: mail the link, send a text, place a call; at most three times an hour to one ' +
        `address or number, and in an hour ${live} texts and calls in all, ${test} in test mode. ` +
        'Calls wait until 8:00 where the number is, and on a Sunday for Monday; texts from 22:00 to 8:00, in live mode.',
      params: schemas.byId,
      query: schemas.none,
      body: reachBody,
      answers: { 202: { description: 'It is on its way.', schema: shapes.reach } },
      refusals: [
        'payment_not_found',
        'payment_not_open',
        'channel_not_available',
        'recipient_missing',
        'number_not_reachable',
        'opted_out',
        'too_many_reaches',
      ],
      handle: (request) =>
        once(owned.family, request, async (kept) => {
          const found = await owned.find(request.caller, request.params.id);
          const wish = await reachWish(ports, request.body, found);
          await admitReach(ports, found, wish);
          const { payment, reach } = await engine.reach(found.id, { ...wish, request: kept });
          return { status: 202, body: presenter.reach(payment, reach) };
        }),
    }),
  ];
}
