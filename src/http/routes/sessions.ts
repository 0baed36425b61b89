import { z } from 'zod';
import { DuplicateKey, Problem } from '../../contracts/errors.js';
import type { Merchant } from '../../contracts/merchant.js';
import { type Payer, type PayerSession, SESSION_PURPOSES } from '../../contracts/payer.js';
import type { Mode } from '../../contracts/payment.js';
import { presentSession } from '../../payers/present.js';
import type { AccountOf } from '../../payers/service.js';
import type { Caller } from '../authenticate.js';
import type { Family } from '../idempotency.js';
import { wayBack } from '../new_payment.js';
import type { ApiPorts } from '../ports.js';
import { admitReach } from '../reaching.js';
import { REQUEST_MS, type Route, route } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';
import type { Tools } from '../tools.js';

type SessionPorts = Pick<ApiPorts, 'engine' | 'mails' | 'attemptsMax' | 'clock'>;

const sessionBody = z.strictObject({
  purpose: z.enum(SESSION_PURPOSES),
  return_url: schemas.webAddress.nullish().describe('On a registered origin.'),
  language: schemas.language.nullish().describe('That of the page; the payer’s own if not given.'),
  reach: z
    .strictObject({ channel: z.enum(['email', 'sms', 'ivr']).describe('In this release `email`.') })
    .nullish()
    .describe('Send the link to the address that the account keeps, and to no other.'),
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
          if (body.purpose === 'add_instrument') refuseWithoutAcquirer(ports, caller);
          const returnUrl = wayBack(caller.merchant, '/return_url', body.return_url);
          const { purpose, language = null } = body;
          const wanted = { purpose, language, returnUrl, reach: reachOf(body.reach?.channel) };
          if (wanted.reach !== null) await admitLink(ports, of);
          const { payer, session } = await ports.payers.sessions.open(of, wanted, kept);
          await completeSession(ports, caller.merchant, payer, session);
          return { status: 201, body: presentSession(payer, session, ports.accountLink(payer, session)) };
        }),
    }),
  ];
}

/** An account without an address is refused by who knows why, before anything is sent. @throws Problem 429 `too_many_reaches` */
async function admitLink(ports: ApiPorts, of: AccountOf): Promise<void> {
  const to = (await ports.payers.find(of))?.email ?? null;
  if (to !== null) await admitReach(ports, { merchant: of.owner, mode: of.mode }, { channel: 'email', to });
}

/**
 * What follows from a session that is stored: the payment that stores the card, and the mail. Both are done once however
 * often they are asked for, so a request that a crash cut short is completed when it comes again.
 */
export async function completeSession(
  ports: SessionPorts,
  merchant: Merchant,
  payer: Payer,
  session: PayerSession,
): Promise<void> {
  if (ports.clock.now() >= session.expiresAt) return;
  if (session.payment !== null) await makePayment(ports, merchant, payer, session.payment, session);
  if (session.reach !== null) await ports.mails.accountLink(payer, session);
}

/** A payment of amount 0: verifies the card with its holder authenticated, and names nobody. */
async function makePayment(
  { engine, attemptsMax, clock }: SessionPorts,
  { id: merchant, profile }: Merchant,
  payer: Payer,
  id: string,
  session: PayerSession,
): Promise<void> {
  const { returnUrl, expiresAt } = session;
  try {
    await engine.create({
      id,
      mode: payer.mode,
      merchant,
      amount: 0,
      currency: currencyOf(profile),
      reference: session.id,
      description: null,
      capture: 'automatic',
      instruments: ['card'],
      channels: ['web'],
      payer: {
        account: payer.account,
        email: null,
        phone: null,
        name: null,
        language: session.language ?? payer.language,
      },
      origin: 'web',
      returnUrl,
      cancelUrl: returnUrl,
      metadata: {},
      terms: {
        lateMoney: profile.lateMoney,
        merchantName: profile.displayName,
        statementDescriptor: profile.statementDescriptor,
        attemptsMax,
      },
      expiresAt,
      payWith: null,
      request: null,
      deadline: clock.now() + REQUEST_MS,
    });
  } catch (error) {
    // It is there already: this is the second time, or a twin was faster.
    if (!(error instanceof DuplicateKey)) throw error;
  }
}

/** Nothing is taken, but a bank is asked in some currency. */
function currencyOf({ currencies: [first = 'EUR'] }: Merchant['profile']): string {
  return first;
}

function refuseWithoutAcquirer(
  { acquirerFor }: Pick<ApiPorts, 'acquirerFor'>,
  { merchant, mode }: { merchant: Merchant; mode: Mode },
): void {
  const { profile, id } = merchant;
  if (!profile.instruments.includes('card') || !profile.channels.includes('web')) {
    throw new Problem(422, 'instrument_not_available', 'You do not accept cards on the web.');
  }
  const currency = currencyOf(profile);
  if (acquirerFor({ mode, merchant: id, currency, instrument: 'card' }) !== null) return;
  throw new Problem(422, 'no_acquirer', `No acquirer takes card in ${currency} in ${mode} mode.`);
}

/** @throws Problem 422 `channel_not_available` */
function reachOf(channel: 'email' | 'sms' | 'ivr' | undefined): 'email' | null {
  if (channel === undefined || channel === 'email') return channel ?? null;
  const [code, detail] = ['channel_not_available', 'This release reaches by email.'];
  throw new Problem(422, code, detail, { errors: [{ pointer: '/reach/channel', code, detail }] });
}
