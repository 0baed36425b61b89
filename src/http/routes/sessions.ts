import { z } from 'zod';
import { Problem } from '../../contracts/errors.js';
import type { AccountOf } from '../../payers/service.js';
import type { Caller } from '../authenticate.js';
import type { Family } from '../idempotency.js';
import { wayBack } from '../new_payment.js';
import { openSession, ownerFromMerchant, refuseWithoutAcquirer, sessionFields } from '../payer_sessions.js';
import type { ApiPorts } from '../ports.js';
import { type Route, route } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';
import type { Tools } from '../tools.js';

const sessionBody = z.strictObject({
  purpose: sessionFields.purpose,
  return_url: schemas.webAddress.nullish().describe('On a registered origin.'),
  language: sessionFields.language,
  reach: sessionFields.reach,
});

/** Links for payers to their own account. `accountOf` names the account of a request, or refuses it. */
export function sessionRoutes(
  ports: ApiPorts,
  once: Tools['once'],
  { family, accountOf }: { family: Family; accountOf(caller: Caller, account: string): AccountOf },
): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/payers/{account}/sessions',
      operationId: 'createPayerSession',
      tag: 'Payers',
      summary:
        'Make a link for the payer: to store a card (`add_instrument`), set the purchase code, or see and remove what is ' +
        'stored (`manage`). It works for a day; a replay does not show it again. Makes the payer if there is none.',
      params: z.strictObject({ account: z.string().max(80) }),
      query: schemas.none,
      body: sessionBody,
      answers: { 201: { description: 'The session with its link.', schema: shapes.payerSession } },
      refusals: [
        'payer_not_found',
        'payer_erased',
        'payer_without_email',
        'too_many_sessions',
        'too_many_reaches',
        'channel_not_available',
        'return_url_not_registered',
        'instrument_not_available',
        'no_acquirer',
      ],
      handle: (request) =>
        once(family, request, async (kept) => {
          const { caller, params, body } = request;
          const of = accountOf(caller, params.account);
          const owner = ownerFromMerchant(caller.merchant);
          if (body.purpose === 'add_instrument') {
            refuseWithoutCards(caller);
            refuseWithoutAcquirer(ports, owner, caller.mode);
          }
          const returnUrl = wayBack(caller.merchant, '/return_url', body.return_url);
          return openSession(ports, owner, of, { ...body, returnUrl }, kept);
        }),
    }),
  ];
}

function refuseWithoutCards({ merchant: { profile } }: Caller): void {
  if (profile.instruments.includes('card') && profile.channels.includes('web')) return;
  throw new Problem(422, 'instrument_not_available', 'You do not accept cards on the web.');
}
