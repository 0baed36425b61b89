import { z } from 'zod';
import type { NewRequest } from '../contracts/engine.js';
import { Problem } from '../contracts/errors.js';
import type { Payer } from '../contracts/payer.js';
import type { Mode } from '../contracts/payment.js';
import { presentPayer } from '../payers/present.js';
import type { AccountOf } from '../payers/service.js';
import type { ApiPorts } from './ports.js';
import type { Reply } from './reply.js';
import * as schemas from './schemas.js';

/** Accounts of payers, whoever they belong to: a merchant's customers and an operator's households. */

export const contactFields = {
  email: schemas.email.nullish(),
  phone: schemas.phone.nullish(),
  name: schemas.text(200).nullish(),
  language: schemas.language.nullish(),
  sms_consent: z.boolean().optional().describe('What the payer said; left as it is if not given.'),
};

interface GivenContacts {
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly sms_consent?: boolean | undefined;
}

type Ports = Pick<ApiPorts, 'payers' | 'consents'>;

/** @throws Problem 404 for what cannot be an account */
export function accountAt(owner: string, mode: Mode, account: string): AccountOf {
  if (!schemas.account.safeParse(account).success) throw payerNotFound();
  return { owner, mode, account };
}

export function payerNotFound(): Problem {
  return new Problem(404, 'payer_not_found', 'There is no such payer.');
}

/** @throws Problem 404 `payer_not_found` */
export async function readAccount(ports: Ports, of: AccountOf): Promise<Reply> {
  const payer = await ports.payers.find(of);
  if (payer === null) throw payerNotFound();
  return { status: 200, body: await shown(ports, payer) };
}

/** Sets the contacts: those not given become null. @throws Problem 409 `payer_erased` */
export async function putAccount(ports: Ports, of: AccountOf, given: GivenContacts): Promise<Reply> {
  const { email = null, phone = null, name = null, language = null, sms_consent: smsConsent } = given;
  const contacts = { email, phone, name, language, ...(smsConsent !== undefined && { smsConsent }) };
  return { status: 200, body: await shown(ports, await ports.payers.put(of, contacts)) };
}

/** @throws Problem 404 `payer_not_found`; DuplicateKey for a request's key */
export async function eraseAccount({ payers }: Ports, of: AccountOf, request: NewRequest | null): Promise<Reply> {
  return { status: 200, body: presentPayer(await payers.erase(of, request)) };
}

/** Whoever has said STOP from the account's number has the last word about texts. */
async function shown({ consents }: Ports, payer: Payer): Promise<Record<string, unknown>> {
  const at = payer.phone === null ? null : await consents.optedOutAt(payer.phone, 'payment');
  return presentPayer(at === null ? payer : { ...payer, smsConsent: { given: false, at } });
}
