import type { Mail } from './mail.js';
import type { Merchant } from './merchant.js';
import type { DeviceKey, Operator } from './operator.js';
import type { Payer } from './payer.js';
import type { Mode, Payment, PaymentStatus } from './payment.js';
import type { TvSession } from './television.js';
import type { Consent, Text } from './text.js';
import type { VaultRecords } from './vault.js';
import type { Delivery, Endpoint } from './webhook.js';

/**
 * The one truth. Every write is durable when its promise resolves. A write that throws StoreFailure may or may not have
 * happened: read again. No query language leaks out. One shared suite proves every implementation.
 */
export interface Store {
  readonly payments: Payments;
  readonly codes: PaymentCodes;
  readonly payers: Payers;
  readonly merchants: Merchants;
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly mails: Mails;
  readonly texts: Texts;
  readonly consents: Documents<Consent>;
  readonly operators: Operators;
  readonly deviceKeys: DeviceKeys;
  readonly tvSessions: TvSessions;
  readonly feed: Feed;
  readonly guards: Guards;
  readonly workers: WorkerKeys;
  readonly vault: VaultRecords;
  /** Resolves while the store answers; throws StoreFailure otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface PaymentCommit {
  /** The whole new payment; `payment.revision` is the one it replaces plus one. */
  readonly payment: Payment;
  /** What enters the feed with it; null when nothing happened that merchants hear of. */
  readonly feed: FeedBatch | null;
  /** Vault records this payment needs from now on, and those it no longer needs. */
  readonly claims: readonly string[];
  readonly releases: readonly string[];
  /** When the payment's code is free again, once the payment has ended; null leaves it. */
  readonly codeFreeAt: number | null;
}

export interface Payments {
  load(id: string): Promise<Payment | null>;
  /**
   * True when `payment.revision - 1` was the stored one (0: there was none) and everything of the commit is durable.
   * False when somebody else was first: nothing was written.
   * @throws DuplicateKey for an idempotency key or an open reference that is taken, StoreFailure when nobody knows.
   */
  commit(commit: PaymentCommit): Promise<boolean>;
  /** Ids of payments whose `dueAt` has come, earliest first. */
  due(now: number, limit: number): Promise<string[]>;
  /** The earliest `dueAt` of all; null when nothing is due, ever. */
  nextDue(): Promise<number | null>;
  /**
   * Counts one more try of the sweeper with this payment before it is touched, and answers how many since its last commit:
   * a payment that kills its process is recognised by it.
   */
  strike(id: string): Promise<number>;
  list(query: PaymentQuery): Promise<Page<Payment>>;
  /** The open or paid payment that holds a reference. */
  holderOf(merchant: string, mode: Mode, reference: string): Promise<string | null>;
  /** The payment that keeps a request under this idempotency key. */
  byRequest(merchant: string, mode: Mode, key: string): Promise<string | null>;
  /** The payment that a refund belongs to. */
  byRefund(refund: string): Promise<string | null>;
}

export interface PaymentQuery {
  readonly merchant: string;
  readonly mode: Mode;
  readonly status?: PaymentStatus;
  readonly reference?: string;
  readonly channel?: string;
  readonly instrument?: string;
  /** The merchant's own reference of the customer, as the payment names it. */
  readonly account?: string;
  /** Milliseconds since the epoch. */
  readonly createdFrom?: number;
  readonly createdBefore?: number;
  readonly limit: number;
  /** The id after which the page begins, newest first. */
  readonly after?: string;
}

export interface Page<T> {
  readonly data: T[];
  /** Value for `after` of the next page; null at the end. */
  readonly next: string | null;
}

/** Payment codes are documents of their own, unique over all merchants and modes, written before their payment. */
export interface PaymentCodes {
  /** True when the code was free (or free again) and now leads to `payment`. */
  claim(code: string, payment: string, now: number): Promise<boolean>;
  find(code: string): Promise<string | null>;
  /** Removes codes that are free again and orphans (no such payment an hour after the claim). */
  sweep(now: number): Promise<number>;
}

/** One payment commit's worth of events, and their data rendered once. */
export interface FeedBatch {
  readonly merchant: string;
  readonly mode: Mode;
  readonly payment: string;
  readonly events: readonly FeedEvent[];
  /** The objects the events tell of, as JSON text: { payment, attempt…, capture…, refund… } by id. */
  readonly data: string;
}

export interface FeedEvent {
  readonly id: string;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly sequence: number;
  /** Id of the object in `data` that the event tells of. */
  readonly object: string;
}

/** An event at its place in the feed. */
export interface FeedEntry {
  readonly position: number;
  readonly event: FeedEvent;
  readonly merchant: string;
  readonly mode: Mode;
  readonly payment: string;
  /** JSON text of the event's object. */
  readonly data: string;
}

/** An event at its place, without its object: what happened to which payment. */
export type ToldEvent = Omit<FeedEntry, 'data'>;

export interface Feed {
  /** The same as `after` without the objects, for those who only look what happened. */
  told(merchant: string, mode: Mode, position: number, limit: number): Promise<ToldEvent[]>;
  /** Events after `position`, oldest first, contiguous; never passes an event that is not visible yet. */
  after(merchant: string, mode: Mode, position: number, limit: number): Promise<FeedEntry[]>;
  /** Position of the newest event, 0 for none. */
  head(merchant: string, mode: Mode): Promise<number>;
  /** All events of one payment in order. */
  ofPayment(payment: string): Promise<FeedEntry[]>;
}

/** An aggregate of its own under compare-and-swap, as payments are. */
export interface Documents<T> {
  load(id: string): Promise<T | null>;
  /** True when `document.revision - 1` was the stored one (0: none). @throws DuplicateKey, StoreFailure */
  commit(document: T): Promise<boolean>;
}

export interface Payers extends Documents<Payer> {
  /** Owner is a merchant's or an operator's id. */
  byAccount(owner: string, mode: Mode, account: string): Promise<Payer | null>;
  /** The payer of this owner that has the instrument with this token. */
  byInstrument(owner: string, mode: Mode, token: string): Promise<Payer | null>;
  byRequest(owner: string, mode: Mode, key: string): Promise<string | null>;
  /** The first in the order of its characters of all purchase codes' hashes behind `after`: leaps over those of one key. */
  nextCodeHash(after: string): Promise<string | null>;
  /** Payers whose `unfinished` has come due, earliest first. */
  due(now: number, limit: number): Promise<Payer[]>;
}

export interface Merchants extends Documents<Merchant> {
  byKey(keyHash: string): Promise<Merchant | null>;
  list(): Promise<Merchant[]>;
}

export interface Endpoints extends Documents<Endpoint> {
  list(merchant: string, mode: Mode): Promise<Endpoint[]>;
  /** Enabled endpoints whose cursor lies behind the feed they follow. */
  behind(limit: number): Promise<Endpoint[]>;
  byRequest(merchant: string, mode: Mode, key: string): Promise<string | null>;
}

export interface Deliveries extends Documents<Delivery> {
  /** Adds deliveries that are not there yet (same endpoint and event) and moves the endpoint's cursor, in one write; false when the cursor had moved. */
  enqueue(endpoint: Endpoint, deliveries: readonly Delivery[]): Promise<boolean>;
  /** Deliveries whose `dueAt` has come, earliest first, without those of the endpoints in `except`: a slow one must not hide the others. */
  due(now: number, limit: number, except?: readonly string[]): Promise<Delivery[]>;
  nextDue(): Promise<number | null>;
  ofEndpoint(endpoint: string, limit: number, after?: string): Promise<Page<Delivery>>;
}

/** How far the mails of one merchant and mode have been planned from the feed. */
export interface MailCursor {
  readonly merchant: string;
  readonly mode: Mode;
  readonly position: number;
}

/** `commit` of a mail whose `key` is taken throws DuplicateKey `id`. */
export interface Mails extends Documents<Mail> {
  /** Feeds whose mails are not planned up to their end. A database of an earlier release begins where its feeds ended. */
  behind(limit: number): Promise<MailCursor[]>;
  /** Adds mails that are not there yet (same `key`) and moves the cursor to `position`, in one write; false when the cursor had moved. */
  enqueue(cursor: MailCursor, position: number, mails: readonly Mail[]): Promise<boolean>;
  /** Mails whose `dueAt` has come, earliest first. */
  due(now: number, limit: number): Promise<Mail[]>;
  nextDue(): Promise<number | null>;
  /** All mails of one payment, oldest first. */
  ofPayment(payment: string): Promise<Mail[]>;
}

/** `commit` of a text whose `key` is taken throws DuplicateKey `id`. */
export interface Texts extends Documents<Text> {
  /** Texts whose `dueAt` has come, earliest first. */
  due(now: number, limit: number): Promise<Text[]>;
  nextDue(): Promise<number | null>;
  byKey(key: string): Promise<Text | null>;
  /** All texts of one payment, oldest first. */
  ofPayment(payment: string): Promise<Text[]>;
  /** The latest texts to a number, known under any of these keyed hashes, newest first. */
  ofNumber(numbers: readonly string[], limit: number): Promise<Text[]>;
  /** The same, but those alone that carry digits, or did. */
  withDigitsTo(numbers: readonly string[], limit: number): Promise<Text[]>;
}

export interface Operators extends Documents<Operator> {
  /** All of them, in the order they came. */
  list(): Promise<Operator[]>;
}

/** `commit` of a key whose `sequence` another key of the box has throws DuplicateKey `id`. */
export interface DeviceKeys extends Documents<DeviceKey> {
  /** The latest keys of a box, the highest `sequence` first; how many there are at most is the store's own bound. */
  ofDevice(operator: string, mode: Mode, device: string): Promise<DeviceKey[]>;
  /** The first in the order of its characters of what keys that are not revoked are sealed as, behind `after`. */
  nextSealed(after: string): Promise<string | null>;
  /** The keys of an operator's boxes, the newest id first, those behind `after` only. */
  ofOperator(operator: string, mode: Mode, page: { after: string | null; limit: number }): Promise<Page<DeviceKey>>;
}

export interface TvSessions extends Documents<TvSession> {
  /** Removes sessions whose `endsAt` has passed, a bounded number at once; answers how many. */
  sweep(now: number): Promise<number>;
}

/** The public key of a running worker, to which security codes are sealed; the other half is in its memory alone. */
export interface WorkerKey {
  readonly id: string;
  /** X25519, raw, base64url. */
  readonly publicKey: string;
  /** Until when the worker says it lives, milliseconds since the epoch. */
  readonly endsAt: number;
}

export interface WorkerKeys {
  /** Says that a worker lives, for the first time or again. */
  announce(key: WorkerKey): Promise<void>;
  live(now: number): Promise<WorkerKey[]>;
  withdraw(id: string): Promise<void>;
  /** Removes keys of workers that have been silent; answers how many. */
  sweep(now: number): Promise<number>;
}

/** Counters that guard a secret or money: raised before the check, fail closed. */
export interface Guards {
  /**
   * Raises the counter `key` by one within its window and answers the count. The window begins with the first raise
   * and ends `windowMs` later.
   */
  raise(key: string, windowMs: number, now: number): Promise<{ count: number; resetsAt: number }>;
  read(key: string, now: number): Promise<number>;
  /** Takes one raise of the window that runs back, for what did not happen after all; never below 0. */
  lower(key: string, now: number): Promise<void>;
  clear(key: string): Promise<void>;
  /** Uses `key` up until `until`: true for the first caller only. */
  useOnce(key: string, until: number, now: number): Promise<boolean>;
  sweep(now: number): Promise<number>;
}
