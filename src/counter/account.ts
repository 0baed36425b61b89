import type { AccountDesk, AccountVisit, From, Taken } from '../contracts/channel.js';
import { Problem } from '../contracts/errors.js';
import { isOperator } from '../contracts/operator.js';
import { type AccountOwner, nameOf, ownerOf } from '../contracts/owner.js';
import type { Payer, PayerSession } from '../contracts/payer.js';
import { createGuards } from './guards.js';
import { createIdentity, savedCardsOf } from './identity.js';
import { partiesOf } from './parties.js';
import type { AccountPorts } from './ports.js';
import { purchaseCodeProblem } from './purchase_code_rules.js';

interface Opened {
  readonly payer: Payer;
  readonly session: PayerSession;
}

const TAKEN: Taken = { taken: true };
const STALE: Taken = { taken: false, because: 'stale' };

/** The desk for a payer's own account. The link names a session; who holds it must still show whose account it is. */
export function createAccountDesk(ports: AccountPorts): AccountDesk {
  const { store, engine, signing, payers, clock } = ports;
  const identity = createIdentity(ports, createGuards(ports));

  /** What a token leads to while its session lasts. */
  async function find(token: string): Promise<Opened | null> {
    const named = signing.readAccountToken(token);
    const payer = named === null ? null : await payers.load(named.payer);
    const session = payer?.sessions.find(({ id }) => id === named?.session);
    if (payer === null || session === undefined || payer.erasedAt !== null) return null;
    if (clock.now() >= session.expiresAt) return null;
    const operator = isOperator(payer.owner) ? await store.operators.load(payer.owner) : null;
    return operator !== null && operator.status !== 'enabled' ? null : { payer, session };
  }

  async function pageTokenOf({ payment: id }: PayerSession): Promise<string | null> {
    const payment = id === null ? null : await engine.load(id);
    if (payment === null || payment.generation === null) return null;
    return signing.pageToken(payment.id, payment.generation);
  }

  /** Does something to the account, for a device that is known here. */
  async function known(token: string, from: From, act: (opened: Opened) => Promise<Taken>): Promise<Taken> {
    const opened = await find(token);
    if (opened === null || identity.stageOf(opened.payer, opened.session.id, from.device) !== 'open') return STALE;
    try {
      return await act(opened);
    } catch (error) {
      // Removed elsewhere meanwhile, or the account was erased: the page shows what is.
      if (error instanceof Problem && (error.status === 404 || error.status === 409)) return STALE;
      throw error;
    }
  }

  return {
    async visit(token, device) {
      const opened = await find(token);
      if (opened === null) return null;
      const { payer, session } = opened;
      const [owner, payment] = await Promise.all([ownerOf(store, payer.owner), pageTokenOf(session)]);
      if (session.payment !== null && payment === null) return null;
      const stage = payer.email === null ? 'unreachable' : identity.stageOf(payer, session.id, device);
      return accountVisit(ports, opened, { owner, payment, stage });
    },

    async sendCode(token, from) {
      const opened = await find(token);
      if (opened === null) return STALE;
      const { payer, session } = opened;
      const merchantName = nameOf(await ownerOf(store, payer.owner));
      const language = from.language ?? session.language ?? payer.language;
      return identity.sendCode(payer, session.id, from, { language, merchantName, mode: payer.mode });
    },

    async takeCode(token, code, from) {
      const opened = await find(token);
      return opened === null ? STALE : identity.takeCode(opened.payer, opened.session.id, code, from);
    },

    makeDefault: (token, instrument, from) =>
      known(token, from, async ({ payer }) => {
        await payers.setDefault(payer, instrument, null);
        return TAKEN;
      }),

    remove: (token, instrument, from) =>
      known(token, from, async ({ payer }) => {
        await payers.removeInstrument(payer, instrument);
        return TAKEN;
      }),

    setPurchaseCode: (token, code, again, from) =>
      known(token, from, async ({ payer, session }) => {
        if (session.purpose !== 'set_purchase_code') return STALE;
        const problem = purchaseCodeProblem(payer, code, again, clock.now());
        if (problem !== null) return { taken: false, because: 'invalid', problems: [problem] };
        await payers.setPurchaseCode(payer, code);
        return TAKEN;
      }),
  };
}

/** What this device may see: of the account itself nothing, before it is known. */
function accountVisit(
  ports: AccountPorts,
  { payer, session }: Opened,
  seen: { owner: AccountOwner | null; payment: string | null; stage: AccountVisit['stage'] },
): AccountVisit {
  const { clock, isOnOrigin } = ports;
  const { owner, payment, stage } = seen;
  const merchant = owner?.merchant ?? null;
  const isOpen = stage === 'open';
  const { returnUrl } = session;
  const isRegistered =
    returnUrl !== null && merchant !== null && isOnOrigin(returnUrl, merchant.profile.returnOrigins, merchant.demo);
  return {
    version: payer.revision,
    mode: payer.mode,
    ...partiesOf(ports, merchant, nameOf(owner)),
    language: session.language ?? payer.language,
    purpose: session.purpose,
    payment,
    stage,
    cards: isOpen ? savedCardsOf(payer, clock.now()) : [],
    purchaseCode: isOpen ? purchaseCodeOf(payer, session) : null,
    returnTo: isRegistered ? returnUrl : null,
  };
}

function purchaseCodeOf({ purchaseCode }: Payer, { createdAt }: PayerSession): 'none' | 'set' | 'now' {
  if (purchaseCode === null) return 'none';
  return purchaseCode.setAt >= createdAt ? 'now' : 'set';
}
