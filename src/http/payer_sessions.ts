import { z } from 'zod';
import type { NewRequest } from '../contracts/engine.js';
import { DuplicateKey, Problem } from '../contracts/errors.js';
import type { Merchant } from '../contracts/merchant.js';
import type { Operator } from '../contracts/operator.js';
import { type Payer, type PayerSession, SESSION_PURPOSES } from '../contracts/payer.js';
import type { Mode } from '../contracts/payment.js';
import { presentSession } from '../payers/present.js';
import type { AccountOf } from '../payers/service.js';
import type { ApiPorts } from './ports.js';
import { admitReach } from './reaching.js';
import type { Reply } from './reply.js';
import { REQUEST_MS } from './route.js';
import * as schemas from './schemas.js';

/** Links for payers to their own account, whoever they belong to. */

export const sessionFields = {
  purpose: z.enum(SESSION_PURPOSES),
  language: schemas.language.nullish().describe('That of the page; the payer’s own if not given.'),
  reach: z
    .strictObject({ channel: z.enum(['email', 'sms', 'ivr']).describe('In this release `email`.') })
    .nullish()
    .describe('Send the link to the address that the account keeps, and to no other.'),
};

interface Wanted {
  readonly purpose: PayerSession['purpose'];
  readonly language?: string | null | undefined;
  readonly reach?: { readonly channel: 'email' | 'sms' | 'ivr' } | null | undefined;
  readonly returnUrl: string | null;
}

/** Whose account it is, as the payment of amount 0 that stores a card names them. */
export interface SessionOwner {
  readonly id: string;
  readonly name: string;
  readonly statementDescriptor: string | null;
  readonly lateMoney: Merchant['profile']['lateMoney'];
  /** Nothing is taken, but a bank is asked in some currency. */
  readonly currency: string;
}

const CURRENCY = 'EUR';

export function ownerFromMerchant({ id, profile }: Merchant): SessionOwner {
  const { displayName: name, statementDescriptor, lateMoney, currencies } = profile;
  return { id, name, statementDescriptor, lateMoney, currency: currencies[0] ?? CURRENCY };
}

/** The payment belongs to the operator itself: no merchant sees its households. `served` is a merchant that it serves. */
export function ownerFromOperator({ id, name }: Operator, served: Merchant | null): SessionOwner {
  const currency = served?.profile.currencies[0] ?? CURRENCY;
  return { id, name, statementDescriptor: null, lateMoney: 'return', currency };
}

type SessionPorts = Pick<ApiPorts, 'engine' | 'mails' | 'attemptsMax' | 'clock'>;
type OpeningPorts = SessionPorts &
  Pick<ApiPorts, 'payers' | 'accountLink' | 'store' | 'pseudonymOf' | 'reachesPerHour'>;

/**
 * Makes a link for the payer, and the payer if there is none; sends it where that is wanted.
 * @throws Problem as `Sessions.open`, 429 `too_many_reaches`, 422 `channel_not_available`; DuplicateKey for a request's key
 */
export async function openSession(
  ports: OpeningPorts,
  owner: SessionOwner,
  of: AccountOf,
  { purpose, language = null, reach, returnUrl }: Wanted,
  request: NewRequest | null,
): Promise<Reply> {
  const wanted = { purpose, language, returnUrl, reach: reachOf(reach?.channel) };
  if (wanted.reach !== null) await admitLink(ports, of);
  const { payer, session } = await ports.payers.sessions.open(of, wanted, request);
  await completeSession(ports, owner, payer, session);
  return { status: 201, body: presentSession(payer, session, ports.accountLink(payer, session)) };
}

/** @throws Problem 422 `no_acquirer` where nobody could verify a card */
export function refuseWithoutAcquirer(
  { acquirerFor }: Pick<ApiPorts, 'acquirerFor'>,
  { id: merchant, currency }: SessionOwner,
  mode: Mode,
): void {
  if (acquirerFor({ mode, merchant, currency, instrument: 'card' }) !== null) return;
  throw new Problem(422, 'no_acquirer', `No acquirer takes card in ${currency} in ${mode} mode.`);
}

/** An account without an address is refused by who knows why, before anything is sent. @throws Problem 429 `too_many_reaches` */
async function admitLink(ports: OpeningPorts, of: AccountOf): Promise<void> {
  const to = (await ports.payers.find(of))?.email ?? null;
  if (to !== null) await admitReach(ports, { merchant: of.owner, mode: of.mode }, { channel: 'email', to });
}

/**
 * What follows from a session that is stored: the payment that stores the card, and the mail. Both are done once however
 * often they are asked for, so a request that a crash cut short is completed when it comes again.
 */
export async function completeSession(
  ports: SessionPorts,
  owner: SessionOwner,
  payer: Payer,
  session: PayerSession,
): Promise<void> {
  if (ports.clock.now() >= session.expiresAt) return;
  if (session.payment !== null) await makePayment(ports, owner, payer, session.payment, session);
  if (session.reach !== null) await ports.mails.accountLink(payer, session);
}

/** A payment of amount 0: verifies the card with its holder authenticated, and names nobody. */
async function makePayment(
  { engine, attemptsMax, clock }: SessionPorts,
  { id: merchant, name: merchantName, statementDescriptor, lateMoney, currency }: SessionOwner,
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
      currency,
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
      terms: { lateMoney, merchantName, statementDescriptor, attemptsMax },
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

/** @throws Problem 422 `channel_not_available` */
function reachOf(channel: 'email' | 'sms' | 'ivr' | undefined): 'email' | null {
  if (channel === undefined || channel === 'email') return channel ?? null;
  const [code, detail] = ['channel_not_available', 'This release reaches by email.'];
  throw new Problem(422, code, detail, { errors: [{ pointer: '/reach/channel', code, detail }] });
}
