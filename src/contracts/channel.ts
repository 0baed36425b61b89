import type { BrowserData } from './authentication.js';
import type { Money } from './money.js';
import type { SessionPurpose } from './payer.js';
import type { ChannelName, Mode, PaymentStatus, Source } from './payment.js';
import type { PictureFace } from './picture.js';
import type { OpenPrompt } from './prompt.js';

/**
 * The counter window: all that a channel may do for a payer. A channel verifies, reads replies and renders prompts;
 * it keeps no state, retries nothing, knows no business rule and no flow.
 */
export interface Counter {
  /** The payment a page token leads to, as this device may see it; null for a token that leads nowhere. */
  visit(token: string, device: string | null): Promise<Visit | null>;
  /** A new page token for the payment that this code leads to. Counted in the store before the look-up. */
  enter(code: string, caller: string): Promise<{ token: string } | { refused: 'unknown' | 'mistyped' | 'too_many' }>;
  /**
   * Takes a card: checks it, keeps it in the vault, hands its token to the flow. `save`: the words of consent that were
   * ticked, as they were shown: then the card goes into the payer's account once it is approved.
   */
  takeCard(token: string, prompt: string, card: CardFields, from: From, save?: string): Promise<Taken>;
  takeSecurityCode(token: string, prompt: string, securityCode: string, from: From): Promise<Taken>;
  /** The browser has made the issuer's device check, or could not. */
  deviceChecked(token: string, prompt: string, completed: 'Y' | 'N' | 'U', from: From): Promise<Taken>;
  /**
   * A browser came back from a challenge, at the address that the issuer was given. Whose browser it is nobody knows: it
   * causes a look at the result and decides nothing. `prompt` is what it says that it answers, null for nothing.
   */
  returned(capability: string, prompt: string | null, from: From): Promise<Taken>;
  /**
   * How a browser that came back goes on: with a page token, if it is the device that began the challenge; without one
   * for everybody else. Null for a capability that is none of ours.
   */
  comeBack(capability: string, device: string | null): Promise<{ token: string | null } | null>;
  /** Goes back to choosing another card, if nothing was sent. */
  leave(token: string, prompt: string, from: From): Promise<Taken>;
  /** Goes on here with the card that another device is at the issuer with: only that begins anew. */
  takeOver(token: string, prompt: string, from: From): Promise<Taken>;
  cancel(token: string, from: From): Promise<Taken>;
  extend(token: string): Promise<boolean>;
  /** Sends this device a code, to the contact that the payer's account keeps; never to one that came with the order. */
  sendCode(token: string, from: From): Promise<Taken>;
  /** The code came back: from now on, for a while, this device may see the account's cards on this page. */
  takeCode(token: string, code: string, from: From): Promise<Taken>;
  /** Pays with a card of the payer's account, by its `ins_` id. Only from a device that is known here. */
  takeSaved(token: string, prompt: string, instrument: string, from: From): Promise<Taken>;
  /** Sets the purchase code of the household whose television leads here, as typed twice. Only from a device that is known. */
  setPurchaseCode(token: string, code: string, again: string, from: From): Promise<Taken>;
  /** The page was opened on this device: a television that shows the payment says so. */
  opened(token: string, device: string): Promise<void>;
  /** Mails the receipt of a paid payment whose order has no address. */
  mailReceipt(token: string, address: string, from: From): Promise<Taken>;
  /** Resolves when the visit's version is above `version`, or after `timeoutMs`. */
  watch(token: string, version: number, timeoutMs: number): Promise<void>;
}

/** Who replies: the channel, the device (a keyed hash of its cookie) and what its browser says of itself. */
export interface From {
  readonly channel: ChannelName;
  readonly device: string;
  readonly browser: BrowserData | null;
  /** Where the payer's network address is counted against guessing. */
  readonly address: string;
  /** In which they are spoken to: what is written to them follows it. */
  readonly language?: string;
}

/** As typed: strings, spaces and all. */
export interface CardFields {
  readonly number: string;
  /** `12/34`, `12 34`, `1234`, `12/2034`. */
  readonly expiry: string;
  readonly securityCode: string;
  /** The brand chosen on a co-badged card; null when not asked. */
  readonly brand: string | null;
}

export type Taken =
  | { readonly taken: true }
  /** The prompt no longer waits (a second click, another tab, another channel): show what is. */
  | { readonly taken: false; readonly because: 'stale' }
  | { readonly taken: false; readonly because: 'invalid'; readonly problems: readonly FieldProblem[] }
  /** `message`: a key of the catalogue, where there is something better to say than that there were too many tries. */
  | { readonly taken: false; readonly because: 'too_many'; readonly message?: string }
  /** Something that is needed for it does not answer: nothing was done, and it may be tried again. */
  | { readonly taken: false; readonly because: 'unavailable'; readonly message?: string };

export interface FieldProblem {
  readonly field:
    | 'number'
    | 'expiry'
    | 'security_code'
    | 'brand'
    | 'save'
    | 'saved'
    | 'code'
    | 'email'
    | 'purchase_code'
    | 'purchase_code_again';
  /** A key of the catalogue. */
  readonly message: string;
}

/** Who is paid, and who runs the page and holds the card. */
export interface Parties {
  readonly merchant: {
    readonly name: string;
    /** As we serve it ourselves; null while there is none. */
    readonly logo: PictureFace | null;
    readonly accentColour: string | null;
    readonly support: { readonly email: string | null; readonly phone: string | null; readonly url: string | null };
  };
  readonly operator: string;
  readonly operatorLogo: PictureFace | null;
}

/** What one device may see of a payment. */
export interface Visit extends Parties {
  readonly mode: Mode;
  readonly payment: string;
  /** Rises with everything that happens. */
  readonly version: number;
  /** `save_card`: nothing is paid, the card goes into the payer's account. */
  readonly purpose: 'pay' | 'save_card';
  /** The payer's account at the merchant, as this device may see it; null where the payment names none. */
  readonly account: AccountView | null;
  /** Whether the receipt may be asked for by mail (the order has no address), or was. */
  readonly receipt: 'offered' | 'asked' | null;
  /** Whether the payer's account has taken the card that was to be saved; null while nobody knows, or none was. */
  readonly cardKept: boolean | null;
  readonly money: Money;
  readonly description: string | null;
  readonly reference: string;
  readonly language: string | null;
  readonly status: PaymentStatus;
  /** What is asked of the payer now; null when the payment has ended. */
  readonly prompt: OpenPrompt | null;
  /** Where this device must go, for a `follow` prompt that is its own. */
  readonly follow: { readonly url: string; readonly data: string } | null;
  /** The card in hand, masked. */
  readonly card: { readonly brand: string; readonly last4: string } | null;
  /** Where it is being paid, or was, if it is not by this device; null when it is, and while nobody pays. */
  readonly elsewhere: Source | null;
  /** Whether this device may go on with the card in hand, which another one is at the issuer with. */
  readonly takesOver: boolean;
  /** Why the last attempt was declined, while the payer may try again or the payment has failed. */
  readonly decline: { readonly code: string; readonly advice: string } | null;
  readonly expiresAt: number;
  /** A television shows the payment too, and wants to know when it is opened elsewhere. */
  readonly onTelevision: boolean;
  /** The television whose picture code led here, as long as its payer is asked; null for any other way. */
  readonly television: TelevisionView | null;
  readonly extendable: boolean;
  readonly cancelable: boolean;
  /** Signed way back to the merchant; null without a return address. */
  readonly returnTo: string | null;
  readonly cancelTo: string | null;
}

/** What is to be compared with the screen, before anything is paid: a picture code may show somebody else's television. */
export interface TelevisionView {
  readonly operator: string;
  /** In groups, as the screen shows it; null for a payment without one. */
  readonly code: string | null;
}

/** What a device may see of the payer's account. */
export interface AccountView {
  /** Saved cards: none to be had; offered to whoever has the code; the code is on its way; shown. */
  readonly saved: 'none' | 'offered' | 'code_sent' | 'open';
  /** Empty unless `open`. The default comes first. */
  readonly cards: readonly SavedCard[];
  /** Whether a card that is typed may be kept: in the account that the payment names at its merchant. */
  readonly takesNew: boolean;
  /** The account is a household's, whose television leads here; null: the payer's at the merchant. */
  readonly household: HouseholdView | null;
}

export interface HouseholdView {
  /** Who keeps it. */
  readonly operator: string;
  /** Whether it has a purchase code; null unless the device is known. */
  readonly hasPurchaseCode: boolean | null;
}

export interface SavedCard {
  readonly id: string;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly isDefault: boolean;
  /** Still in the account, but no longer good for paying. */
  readonly isExpired: boolean;
}

/**
 * The desk for a payer's own account, reached by the link of a session: see and remove what is stored, set the purchase
 * code. Everything but the link to a payment waits for a code sent to the contact that the account keeps.
 */
export interface AccountDesk {
  /** The session a token leads to, as this device may see it; null for a token that leads nowhere. */
  visit(token: string, device: string | null): Promise<AccountVisit | null>;
  sendCode(token: string, from: From): Promise<Taken>;
  takeCode(token: string, code: string, from: From): Promise<Taken>;
  makeDefault(token: string, instrument: string, from: From): Promise<Taken>;
  remove(token: string, instrument: string, from: From): Promise<Taken>;
  /** The purchase code, as typed twice. */
  setPurchaseCode(token: string, code: string, again: string, from: From): Promise<Taken>;
}

export interface AccountVisit extends Parties {
  readonly mode: Mode;
  /** Rises with everything that happens to the account. */
  readonly version: number;
  readonly language: string | null;
  readonly purpose: SessionPurpose;
  /** The page token of the payment that stores the card, for `add_instrument`: the payer goes there. */
  readonly payment: string | null;
  /** `unreachable`: the account keeps no address that a code could go to. */
  readonly stage: 'unreachable' | 'offered' | 'code_sent' | 'open';
  /** Empty unless `open`. The default comes first. */
  readonly cards: readonly SavedCard[];
  /** Whether a purchase code is set: `now` since this session began. Null unless `open`. */
  readonly purchaseCode: 'none' | 'set' | 'now' | null;
  /** The way back to the merchant; null without one, or when it is on no registered origin any more. */
  readonly returnTo: string | null;
}
