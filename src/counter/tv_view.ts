import { brandName } from '../contracts/brands.js';
import { asksForCard, isPaid, isWaitedFor } from '../contracts/open_payment.js';
import type { Screen, TvKey, TvPlace, TvScreenName } from '../contracts/television.js';
import { isOpenElsewhere, lastDecline, type TvScene } from './tv_scene.js';

/** What a screen says and what may be done on it, before it is put into words. */
export interface TvView {
  readonly id: TvScreenName;
  readonly kind: Screen['kind'];
  /** The family of the catalogue that its title stands under. */
  readonly title: string;
  readonly text: Said;
  readonly options: readonly TvOption[];
  /** Index of the option with the focus; null while an entry has it, or there is none. */
  readonly focus: number | null;
  /** What BACK does; null for nothing, where the box itself goes back. */
  readonly back: TvAct | null;
  readonly takesCode: boolean;
  readonly showsWays: boolean;
  /** Whether the payment's end is told as a time that runs. */
  readonly isTimed: boolean;
}

/** Words of the catalogue: `parameters` of its own, beside merchant, amount and ways. */
export interface Said {
  readonly key: string;
  readonly parameters?: Readonly<Record<string, string | Said>>;
}

export interface TvOption {
  readonly key: TvKey;
  readonly label: Said;
  readonly act: TvAct;
}

export type TvAct =
  | { readonly act: 'go'; readonly to: Exclude<TvPlace['screen'], 'checking'> }
  | { readonly act: 'pay'; readonly instrument: string }
  | { readonly act: 'cancel' };

/** For how long the card may still be chosen after the purchase code was right. */
const PROVEN_MS = 120_000;
/** How long a code may be looked at before it is asked for again: its process is gone. */
const CHECKING_MS = 15_000;
/** As many as stand on one screen. */
const CARDS_SHOWN_MAX = 6;

const go = (to: Extract<TvAct, { act: 'go' }>['to']): TvAct => ({ act: 'go', to });
const CANCEL: TvOption = { key: 'RED', label: { key: 'option.cancel' }, act: go('confirm_cancel') };
const PHONE: TvOption = { key: 'BLUE', label: { key: 'option.phone' }, act: go('handover') };
const BLANK = { options: [], focus: null, back: null, takesCode: false, showsWays: false, isTimed: false } as const;

/** The screen for where the payment and the viewer stand: pure, the payment's own state first. */
export function viewOf(scene: TvScene): TvView {
  const { payment, prompt, session, now } = scene;
  if (prompt === null) return isOver(scene) ? outcome(scene) : wait(scene);
  if (prompt.prompt.kind === 'result') return outcome(scene);
  if (prompt.prompt.kind === 'wait') return wait(scene);
  if (session.place.screen === 'confirm_cancel' && isWaitedFor(payment, now)) return confirmCancel(scene);
  return asksForCard(prompt) ? SCREENS[session.place.screen](scene) : handover(scene, 'elsewhere');
}

const SCREENS: Readonly<Record<TvPlace['screen'], (scene: TvScene) => TvView>> = {
  start,
  purchase_code: purchaseCode,
  checking: ({ session, now, ...rest }) =>
    isWithin(CHECKING_MS, session.updatedAt, now)
      ? { ...BLANK, id: 'checking', kind: 'wait', title: 'wait', text: { key: 'wait.checking' } }
      : purchaseCode({ session, now, ...rest }),
  choose_card: chooseCard,
  handover: (scene) => handover(scene, isOpenElsewhere(scene.payment) ? 'opened' : 'handover'),
  confirm_cancel: confirmCancel,
};

/** Either way, for clocks of machines differ and one may be set back: a time that lies far ahead is over. */
const isWithin = (ms: number, at: number, now: number): boolean => Math.abs(now - at) < ms;

const hasWays = ({ ways }: TvScene): boolean => ways.page !== null || ways.telephone !== null;
const cardsOf = ({ household }: TvScene) => household?.cards ?? [];

/** Focus within what is there: options may have become fewer since it was moved. */
function focusAmong({ session }: TvScene, options: readonly TvOption[]): number | null {
  return options.length === 0 ? null : Math.min(Math.max(0, session.place.focus), options.length - 1);
}

function choosing(scene: TvScene, shown: Pick<TvView, 'id' | 'title' | 'text' | 'options' | 'back'>): TvView {
  return { ...BLANK, kind: 'choose', ...shown, focus: focusAmong(scene, shown.options), isTimed: true };
}

/** Where there is nothing to pay with on the television, the way elsewhere is the first screen. */
function start(scene: TvScene): TvView {
  const card = cardOption(scene);
  if (card === null && hasWays(scene)) return handover(scene, isOpenElsewhere(scene.payment) ? 'opened' : 'handover');
  const options = [...(card === null ? [] : [card]), ...(hasWays(scene) ? [PHONE] : []), CANCEL];
  const back = go('confirm_cancel');
  const why = whyDeclined(scene);
  if (card === null)
    return choosing(scene, { id: 'nowhere', title: 'start', text: { key: 'nowhere.text' }, options, back });
  return why === null
    ? choosing(scene, { id: 'start', title: 'start', text: { key: 'start.text' }, options, back })
    : choosing(scene, {
        ...{ id: 'declined', title: 'declined', options, back },
        text: { key: 'declined.text', parameters: { why } },
      });
}

/** Nothing of the household's cards is shown before its purchase code is right, not even which one it is. */
function cardOption(scene: TvScene): TvOption | null {
  const { payment } = scene;
  const [first] = cardsOf(scene);
  if (first === undefined) return null;
  const isOwn = payment.attempts.at(-1)?.device?.id === scene.device;
  const isAgain = payment.attempts.some(({ face }) => face?.last4 === first.last4 && face.brand === first.brand);
  const label = !isOwn ? 'option.card' : isAgain ? 'option.again' : 'option.another_card';
  return { key: 'GREEN', label: { key: label }, act: go('purchase_code') };
}

/** A bank's reason is for who tried the card. */
function whyDeclined({ payment, device }: TvScene): Said | null {
  const decline = lastDecline(payment);
  if (decline === null) return null;
  return { key: decline.attempt.device?.id === device ? `declined.${decline.code}` : 'declined.elsewhere' };
}

function purchaseCode(scene: TvScene): TvView {
  const { household, session } = scene;
  if (household === null || household.cards.length === 0) return start(scene);
  const { notice, focus } = session.place;
  const phone = hasWays(scene) ? [PHONE] : [];
  const back = go('start');
  if (household.code === 'none') return stopped(scene, 'code_missing', [...phone, CANCEL]);
  if (household.code === 'locked') return stopped(scene, 'locked', [...phone, CANCEL]);
  // The bound of this box, or of the household on this payment: not always errors of who sits here now.
  if (notice === 'too_many') return stopped(scene, 'locked', [...phone, CANCEL], 'too_many');
  const forgotten: TvOption = { key: 'YELLOW', label: { key: 'option.forgotten' }, act: go('handover') };
  const options = [...(hasWays(scene) ? [forgotten] : []), CANCEL];
  const text: Said = { key: 'purchase_code.text' };
  return {
    ...{ ...BLANK, id: 'purchase_code', kind: 'enter', title: 'purchase_code', options, back, isTimed: true },
    text:
      notice === null
        ? text
        : { key: 'purchase_code.noticed', parameters: { notice: { key: `notice.${notice}` }, text } },
    focus: focus < 0 ? null : Math.min(focus, options.length - 1),
    takesCode: true,
  };
}

function stopped(
  scene: TvScene,
  id: 'code_missing' | 'locked',
  options: readonly TvOption[],
  words: 'code_missing' | 'locked' | 'too_many' = id,
): TvView {
  return choosing(scene, { id, title: words, text: { key: `${words}.text` }, options, back: go('start') });
}

/** Several cards: which of them pays is chosen by who has just given the purchase code. */
function chooseCard(scene: TvScene): TvView {
  const { session, now } = scene;
  const { provenAt } = session.place;
  if (provenAt === null || !isWithin(PROVEN_MS, provenAt, now)) return purchaseCode(scene);
  const options = cardsOf(scene)
    .slice(0, CARDS_SHOWN_MAX)
    .map(({ id, brand, last4 }): TvOption => {
      const label: Said = { key: 'option.this_card', parameters: { brand: brandName(brand), last4 } };
      return { key: 'OK', label, act: { act: 'pay', instrument: id } };
    });
  if (options.length === 0) return start(scene);
  const back = go('start');
  const text: Said = { key: 'choose_card.text' };
  return choosing(scene, { id: 'choose_card', title: 'choose_card', text, options: [...options, CANCEL], back });
}

/** Picture, address and number; and on the same screen how far it has got elsewhere. */
function handover(scene: TvScene, id: 'handover' | 'opened' | 'elsewhere'): TvView {
  if (!hasWays(scene) && id !== 'elsewhere') return start(scene);
  const card = id === 'elsewhere' ? null : cardOption(scene);
  const options = [...(card === null ? [] : [card]), CANCEL];
  const why = id === 'handover' ? whyDeclined(scene) : null;
  const text: Said = id === 'handover' ? waysText(scene) : { key: `${id}.text` };
  return {
    ...{ ...BLANK, id, kind: 'handover', title: id, options, showsWays: hasWays(scene), isTimed: true },
    text: why === null ? text : { key: 'purchase_code.noticed', parameters: { notice: why, text } },
    focus: focusAmong(scene, options),
    back: card === null ? go('confirm_cancel') : go('start'),
  };
}

function waysText({ ways: { page, code, telephone } }: TvScene): Said {
  if (page === null) return { key: 'handover.text_only_call' };
  if (code === null) return { key: 'handover.text_link' };
  return { key: telephone === null ? 'handover.text' : 'handover.text_call' };
}

/** To go on is as near as to cancel; the focus lies on what changes nothing. */
function confirmCancel(scene: TvScene): TvView {
  const options: TvOption[] = [
    { key: 'GREEN', label: { key: 'option.go_on' }, act: go('start') },
    { key: 'RED', label: { key: 'option.do_cancel' }, act: { act: 'cancel' } },
  ];
  const text: Said = { key: 'confirm_cancel.text' };
  const shown = choosing(scene, { id: 'confirm_cancel', title: 'confirm_cancel', text, options, back: go('start') });
  return { ...shown, kind: 'confirm' };
}

function wait({ payment, device, now }: TvScene): TvView {
  const isEnding = payment.attempts.every(({ operations }) => operations.length === 0) && now >= payment.expiresAt;
  if (isEnding) return { ...BLANK, id: 'ending', kind: 'wait', title: 'wait', text: { key: 'wait.ending' } };
  const isOwn = payment.attempts.at(-1)?.device?.id === device;
  const text: Said = { key: isOwn ? 'wait.paying' : 'wait.elsewhere' };
  return { ...BLANK, id: isOwn ? 'paying' : 'paying_elsewhere', kind: 'wait', title: 'wait', text };
}

const ENDINGS: Readonly<Record<string, TvScreenName>> = { canceled: 'canceled', expired: 'expired', failed: 'failed' };

function isOver({ payment }: TvScene): boolean {
  return isPaid(payment) || payment.status === 'requires_review' || Object.hasOwn(ENDINGS, payment.status);
}

function outcome({ payment, device }: TvScene): TvView {
  if (!isPaid(payment)) {
    const id = ENDINGS[payment.status] ?? 'review';
    return { ...BLANK, id, kind: 'result', title: id, text: { key: `${id}.text` } };
  }
  const { reference } = payment;
  if (payment.status === 'requires_capture') {
    const text: Said = { key: 'reserved.text', parameters: { reference } };
    return { ...BLANK, id: 'reserved', kind: 'result', title: 'reserved', text };
  }
  const own = payment.attempts.findLast(({ status }) => status === 'authorized' || status === 'captured');
  const face = own?.device?.id === device ? own.face : null;
  const card: Said | null =
    face === null ? null : { key: 'option.this_card', parameters: { brand: brandName(face.brand), last4: face.last4 } };
  const text: Said =
    card === null
      ? { key: 'paid.text', parameters: { reference } }
      : { key: 'paid.text_card', parameters: { reference, card } };
  return { ...BLANK, id: 'paid', kind: 'result', title: 'paid', text };
}
