import { isWaitedFor } from '../contracts/open_payment.js';
import type { Operator } from '../contracts/operator.js';
import { isEmailSettled, type Payer } from '../contracts/payer.js';
import type { Payment } from '../contracts/payment.js';
import type { Shown, TvPlace, TvSession } from '../contracts/television.js';
import { languageIn } from './language.js';
import { NOTHING_KEYED } from './tv_entry.js';
import type { TvPorts } from './tv_ports.js';
import { cardsFor, isOpenElsewhere, type TvHousehold, type TvScene, type TvWays } from './tv_scene.js';
import { screenOf } from './tv_screen.js';
import { serves, standingOf } from './tv_standing.js';
import { type TvView, viewOf } from './tv_view.js';
import { isShown } from './visit.js';

/**
 * Seconds between two looks of a box that does not wait: while the viewer is awaited, while somebody may be paying elsewhere, which a
 * television is told within two seconds, and afterwards.
 */
const POLL_SECONDS = { waits: 5, pays: 2, over: 30 } as const;

export const START: TvPlace = {
  ...{ screen: 'start', focus: 0, notice: null, ...NOTHING_KEYED, provenAt: null },
};

/** What a box sees now. */
export interface Seen {
  readonly scene: TvScene;
  readonly view: TvView;
  readonly shown: Shown;
}

export interface TvSessionDesk {
  /** What the token leads to; null for a token that leads nowhere. */
  see(token: string): Promise<Seen | null>;
  /** Moves the viewer on. False when somebody else has meanwhile: then nothing was done. */
  move(session: TvSession, place: TvPlace, step?: 0 | 1): Promise<boolean>;
}

/** Whether this operator's televisions may show the payment, while there is something to tell of it. */
export function isServed(
  payment: Payment,
  { operator, mode }: { operator: Operator; mode: string },
  now: number,
): boolean {
  const isOfOperator = payment.mode === mode && serves(operator, payment.merchant);
  const isMet = payment.channels.includes('tv') && payment.amount > 0 && payment.generation !== null;
  return isOfOperator && isMet && isShown(payment, now);
}

export function createTvSessions(ports: TvPorts, changed: (session: string) => void): TvSessionDesk {
  const { engine, store, signing, payers, clock, say, publicUrl } = ports;

  async function find(token: string): Promise<{ session: TvSession; payment: Payment } | null> {
    const id = signing.televisions.readSessionToken(token);
    const session = id === null ? null : await store.tvSessions.load(id);
    const now = clock.now();
    if (session === null || now >= session.endsAt) return null;
    const payment = await engine.load(session.payment);
    const operator = payment === null ? null : await standingOf(ports, session, payment.merchant);
    if (payment === null || operator === null || !isServed(payment, { operator, mode: session.mode }, now)) return null;
    return { session, payment };
  }

  async function householdOf({ operator: owner, mode, account }: TvSession): Promise<Payer | null> {
    if (account === null) return null;
    const payer = await payers.find({ owner, mode, account });
    return payer === null || payer.erasedAt !== null ? null : payer;
  }

  /** Its cards matter only while the payment waits for one. */
  function viewed(payer: Payer | null, payment: Payment): TvHousehold | null {
    const now = clock.now();
    if (payer === null || !isWaitedFor(payment, now)) return null;
    const { purchaseCode } = payer;
    const isLocked = purchaseCode?.lockedUntil != null && now < purchaseCode.lockedUntil;
    return {
      payer: payer.id,
      cards: isEmailSettled(payer, now) ? cardsFor(payer, payment, now, ports.isPurchaseCodeEnough) : [],
      code: purchaseCode === null ? 'none' : isLocked ? 'locked' : 'set',
    };
  }

  function waysOf(session: TvSession, payment: Payment): TvWays {
    const { code, generation, channels } = payment;
    const hasPage = channels.includes('web') && generation !== null;
    const token = hasPage ? signing.televisions.televisionPageToken(session.id, generation) : null;
    return {
      page: token === null ? null : `${publicUrl}/pay/${token}`,
      link: `${publicUrl}/link`,
      code: code === null ? null : ports.groupCode(code),
      telephone: channels.includes('ivr') && code !== null ? ports.telephoneOf(payment) : null,
    };
  }

  return {
    async see(token) {
      const found = await find(token);
      if (found === null) return null;
      const { session, payment } = found;
      const [merchant, payer] = await Promise.all([store.merchants.load(payment.merchant), householdOf(session)]);
      const language = session.language ?? languageIn(payer?.language) ?? languageIn(payment.payer.language);
      const scene: TvScene = {
        payment,
        session,
        prompt: ports.openPromptOf(payment, clock.now()),
        household: viewed(payer, payment),
        ways: waysOf(session, payment),
        merchant: merchant?.profile.displayName ?? payment.terms.merchantName,
        language: language ?? merchant?.profile.language ?? 'fr',
        device: signing.deviceHash(session.id),
        now: clock.now(),
      };
      const view = viewOf(scene);
      const screen = screenOf(view, scene, say);
      return { scene, view, shown: { session: token, screen, pollInterval: pollSeconds(view, payment) } };
    },

    async move(session, place, step = 1) {
      const revision = session.revision + 1;
      const moved = { ...session, place, step: session.step + step, revision, updatedAt: clock.now() };
      if (!(await store.tvSessions.commit(moved))) return false;
      changed(session.id);
      return true;
    },
  };
}

function pollSeconds({ kind }: TvView, payment: Payment): number {
  if (kind === 'result') return POLL_SECONDS.over;
  return kind === 'wait' || isOpenElsewhere(payment) ? POLL_SECONDS.pays : POLL_SECONDS.waits;
}
