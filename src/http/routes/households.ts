import { z } from 'zod';
import { Problem } from '../../contracts/errors.js';
import type { SignedBy } from '../../contracts/operator.js';
import type { AccountOf } from '../../payers/service.js';
import { accountAt, contactFields, eraseAccount, putAccount, readAccount } from '../payer_accounts.js';
import { openSession, ownerFromOperator, refuseWithoutAcquirer, sessionFields } from '../payer_sessions.js';
import type { ApiPorts } from '../ports.js';
import { type Route, signedRoute } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';

const TAG = 'Television';
const theHousehold = { 200: { description: 'The household.', schema: shapes.household } };
const byAccount = z.strictObject({ account: z.string().max(80) });

/** A signature covers the body and not the path, so the body says for which household it is. */
const named = {
  operator: schemas.operator,
  account: schemas.account.describe('The household, as the path names it: the signature covers the body alone.'),
};
const contacts = z.strictObject({ ...named, ...contactFields });
const sessionBody = z.strictObject({ ...named, ...sessionFields });
const erasure = z.strictObject({
  ...named,
  erase: z.literal(true).describe('Says that nothing else was signed.'),
});

/** An operator's households by the operator's own reference: what merchants' payers are to them. */
export function householdRoutes(ports: ApiPorts): Route<SignedBy>[] {
  return [
    signedRoute({
      method: 'GET',
      path: '/tv/payers/{account}',
      operationId: 'readHousehold',
      tag: TAG,
      summary: 'Read a household, with stored instruments and whether a purchase code is set.',
      params: byAccount,
      query: z.strictObject({ operator: schemas.operator }),
      body: null,
      answers: theHousehold,
      refusals: ['payer_not_found', 'operator_only'],
      handle: async ({ caller, params }) => readAccount(ports, householdOf(caller, params.account)),
    }),
    signedRoute({
      method: 'PUT',
      path: '/tv/payers/{account}',
      operationId: 'putHousehold',
      tag: TAG,
      summary: 'Set the contacts: those not given become null. Makes the household if there is none.',
      params: byAccount,
      query: schemas.none,
      body: contacts,
      answers: theHousehold,
      refusals: ['payer_erased', 'operator_only'],
      handle: async ({ caller, params, body }) => putAccount(ports, signedFor(caller, params.account, body), body),
    }),
    sessionRoute(ports),
    signedRoute({
      method: 'POST',
      path: '/tv/payers/{account}/erase',
      operationId: 'eraseHousehold',
      tag: TAG,
      summary:
        'Forget the household: contacts, instruments and purchase code. It cannot be undone; again does no harm. What it ' +
        'paid stays with the merchants.',
      params: byAccount,
      query: schemas.none,
      body: erasure,
      answers: theHousehold,
      refusals: ['payer_not_found', 'operator_only'],
      handle: async ({ caller, params, body }) => eraseAccount(ports, signedFor(caller, params.account, body), null),
    }),
  ];
}

function sessionRoute(ports: ApiPorts): Route<SignedBy> {
  const { store } = ports;
  return signedRoute({
    method: 'POST',
    path: '/tv/payers/{account}/sessions',
    operationId: 'createHouseholdSession',
    tag: TAG,
    summary:
      'Make a link for the household: to store a card (`add_instrument`), set the purchase code, or see and remove what ' +
      'is stored (`manage`). It works for a day, and its page asks for a code sent to the contact that you gave. Signed ' +
      'again under a new id, it is another link. Makes the household if there is none.',
    params: byAccount,
    query: schemas.none,
    body: sessionBody,
    answers: { 201: { description: 'The session with its link.', schema: shapes.payerSession } },
    refusals: [
      'payer_erased',
      'payer_without_email',
      'too_many_sessions',
      'too_many_reaches',
      'channel_not_available',
      'no_acquirer',
      'operator_only',
    ],
    async handle({ caller, params, body }) {
      const of = signedFor(caller, params.account, body);
      const { operator, mode } = caller;
      const [served] = operator.merchants;
      const owner = ownerFromOperator(operator, served === undefined ? null : await store.merchants.load(served));
      if (body.purpose === 'add_instrument') refuseWithoutAcquirer(ports, owner, mode);
      // An operator has no registered origins, so its pages lead nowhere else.
      return openSession(ports, owner, of, { ...body, returnUrl: null }, null);
    },
  });
}

/** @throws Problem 404 for what cannot be an account */
function householdOf({ operator, mode }: SignedBy, account: string): AccountOf {
  return accountAt(operator.id, mode, account);
}

/** The household that path and signed body agree on. @throws Problem 400 `validation_failed` */
function signedFor(by: SignedBy, account: string, body: { readonly account: string }): AccountOf {
  if (body.account === account) return householdOf(by, account);
  throw new Problem(400, 'validation_failed', 'The body was signed for another household than the path names.', {
    errors: [{ pointer: '/account', code: 'account_mismatch', detail: 'Name the household of the path.' }],
  });
}
