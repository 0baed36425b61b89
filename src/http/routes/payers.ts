import { z } from 'zod';
import { Problem } from '../../contracts/errors.js';
import type { Payer } from '../../contracts/payer.js';
import { presentInstrument, presentPayer } from '../../payers/present.js';
import type { AccountOf } from '../../payers/service.js';
import type { Caller } from '../authenticate.js';
import type { Family } from '../idempotency.js';
import { accountAt, contactFields, eraseAccount, payerNotFound, putAccount, readAccount } from '../payer_accounts.js';
import { completeSession, ownerFromMerchant } from '../payer_sessions.js';
import type { ApiPorts } from '../ports.js';
import { type Route, route } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';
import type { Tools } from '../tools.js';
import { sessionRoutes } from './sessions.js';

const TAG = 'Payers';
const thePayer = { 200: { description: 'The payer.', schema: shapes.payer } };
const byAccount = z.strictObject({ account: z.string().max(80) });
const byInstrument = z.strictObject({ account: z.string().max(80), id: schemas.pathId });

const contacts = z.strictObject(contactFields);

/** The merchant's customers by the merchant's own reference. */
export function payerRoutes(ports: ApiPorts, { once }: Tools): Route[] {
  const family = payerFamily(ports);
  return [
    ...contactRoutes(ports, family, once),
    ...instrumentRoutes(ports, family, once),
    ...sessionRoutes(ports, once, { family, accountOf }),
  ];
}

function payerFamily(ports: ApiPorts): Family {
  const { store } = ports;

  /** Completes what a crash may have cut short after the session was stored. */
  async function resume(payer: Payer, made: string): Promise<void> {
    const session = payer.sessions.find(({ id }) => id === made);
    const merchant = session === undefined ? null : await store.merchants.load(payer.owner);
    if (session === undefined || merchant === null) return;
    try {
      await completeSession(ports, ownerFromMerchant(merchant), payer, session);
    } catch (error) {
      // The account's address was taken away since: the first answer stays what it was.
      if (!(error instanceof Problem && error.code === 'payer_without_email')) throw error;
    }
  }

  return {
    async find(merchant, mode, key) {
      const id = await store.payers.byRequest(merchant, mode, key);
      const payer = id === null ? null : await store.payers.load(id);
      const kept = payer?.requests.find((request) => request.key === key);
      if (payer === null || kept === undefined) return null;
      return {
        kept,
        current: () => ({ status: 200, body: presentPayer(payer) }),
        resume: () => resume(payer, kept.target),
      };
    },
  };
}

function contactRoutes(ports: ApiPorts, family: Family, once: Tools['once']): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/payers/{account}',
      operationId: 'readPayer',
      tag: TAG,
      summary: 'Read a payer, with stored instruments and whether a purchase code is set.',
      params: byAccount,
      query: schemas.none,
      body: null,
      answers: thePayer,
      refusals: ['payer_not_found'],
      handle: async ({ caller, params }) => readAccount(ports, accountOf(caller, params.account)),
    }),
    route({
      method: 'PUT',
      path: '/v1/payers/{account}',
      operationId: 'putPayer',
      tag: TAG,
      summary: 'Set the contacts: those not given become null. Makes the payer if there is none.',
      params: z.strictObject({ account: schemas.account }),
      query: schemas.none,
      body: contacts,
      answers: thePayer,
      refusals: ['payer_erased'],
      handle: async ({ caller, params, body }) => putAccount(ports, accountOf(caller, params.account), body),
    }),
    route({
      method: 'POST',
      path: '/v1/payers/{account}/erase',
      operationId: 'erasePayer',
      tag: TAG,
      summary:
        'Forget the person: contacts, instruments, and their data in payments. It cannot be undone. Erase again when a ' +
        'payment that was under way has ended.',
      params: byAccount,
      query: schemas.none,
      body: schemas.none,
      answers: thePayer,
      refusals: ['payer_not_found'],
      handle: (request) =>
        once(family, request, async (kept) =>
          eraseAccount(ports, accountOf(request.caller, request.params.account), kept),
        ),
    }),
  ];
}

function instrumentRoutes({ payers }: ApiPorts, family: Family, once: Tools['once']): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/payers/{account}/instruments',
      operationId: 'listInstruments',
      tag: TAG,
      summary: 'List the stored instruments, newest first.',
      params: byAccount,
      query: schemas.none,
      body: null,
      answers: { 200: { description: 'All stored instruments.', schema: shapes.instruments } },
      refusals: ['payer_not_found'],
      async handle({ caller, params }) {
        const payer = await payers.find(accountOf(caller, params.account));
        if (payer === null) throw payerNotFound();
        const data = payer.instruments.map((stored) => presentInstrument(stored, payer.defaultInstrument));
        return { status: 200, body: { data: data.reverse(), next: null } };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/payers/{account}/instruments/{id}/default',
      operationId: 'makeInstrumentDefault',
      tag: TAG,
      summary: 'Make a stored instrument the default.',
      params: byInstrument,
      query: schemas.none,
      body: schemas.none,
      answers: thePayer,
      refusals: ['payer_not_found', 'stored_instrument_not_found'],
      handle: (request) =>
        once(family, request, async (kept) => {
          const of = accountOf(request.caller, request.params.account);
          return { status: 200, body: presentPayer(await payers.setDefault(of, request.params.id, kept)) };
        }),
    }),
    route({
      method: 'DELETE',
      path: '/v1/payers/{account}/instruments/{id}',
      operationId: 'removeInstrument',
      tag: TAG,
      summary: 'Remove a stored instrument and destroy what was kept of it.',
      params: byInstrument,
      query: schemas.none,
      body: null,
      answers: thePayer,
      refusals: ['payer_not_found', 'stored_instrument_not_found'],
      async handle({ caller, params }) {
        const payer = await payers.removeInstrument(accountOf(caller, params.account), params.id);
        return { status: 200, body: presentPayer(payer) };
      },
    }),
  ];
}

function accountOf({ merchant, mode }: Caller, account: string): AccountOf {
  return accountAt(merchant.id, mode, account);
}
