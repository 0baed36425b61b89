import type { Route as AcquirerRoute } from '../contracts/acquirer.js';
import type { Clock } from '../contracts/clock.js';
import type { Engine, NewRequest, Presenter } from '../contracts/engine.js';
import type { Instrument } from '../contracts/flow.js';
import type { Ids } from '../contracts/ids.js';
import type { Log } from '../contracts/log.js';
import type { MailDesk } from '../contracts/mail.js';
import type { Payer, PayerSession } from '../contracts/payer.js';
import type { ChannelName, Mode, Payment } from '../contracts/payment.js';
import type { ReachChannel } from '../contracts/reach.js';
import type { FeedEntry, Page, Store } from '../contracts/store.js';
import type { Consents } from '../contracts/text.js';
import type { Delivery, Endpoint } from '../contracts/webhook.js';
import type { PayerService } from '../payers/service.js';
import type { Caller } from './authenticate.js';

/** Everything the merchant API stands on. */
export interface ApiPorts {
  readonly store: Pick<Store, 'payments' | 'payers' | 'merchants' | 'endpoints' | 'feed' | 'guards'>;
  readonly engine: Engine;
  readonly presenter: Presenter;
  /** The payment's story for people of `language`. */
  timeline(payment: Payment, language: 'en' | 'fr'): Record<string, unknown>;
  readonly payers: PayerService;
  readonly mails: Pick<MailDesk, 'accountLink'>;
  /** The page of a payer's session. */
  accountLink(payer: Payer, session: PayerSession): string;
  /** How payers can be reached here. */
  readonly reachChannels: readonly ReachChannel[];
  /** Who wants no texts. */
  readonly consents: Pick<Consents, 'optedOutAt'>;
  readonly endpoints: EndpointCommands;
  presentEndpoint(endpoint: Endpoint): Record<string, unknown>;
  presentDelivery(delivery: Delivery): Record<string, unknown>;
  /** An event of the feed as JSON text. */
  eventBody(entry: FeedEntry): string;
  /** Who a key belongs to; null for a key that opens nothing. */
  authenticate(key: string): Promise<Caller | null>;
  /** Keyed HMAC of method, path and parsed body. */
  fingerprint(method: string, path: string, body: unknown): string;
  /** Whether a kept fingerprint is this request's, whichever key made it. */
  isFingerprint(kept: string, method: string, path: string, body: unknown): boolean;
  /** What stands in counters for something that names a person. */
  pseudonymOf(text: string): string;
  /** Chooses an acquirer; null where none is configured. */
  readonly acquirerFor: AcquirerRoute;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly publicUrl: string;
  /** What this release can take, and where it meets payers: a merchant may accept more than that. */
  readonly instruments: readonly Instrument[];
  readonly channels: readonly ChannelName[];
  /** Attempts that may be begun per payment. */
  readonly attemptsMax: number;
  /** Texts and calls that one merchant may ask for within an hour. */
  readonly reachesPerHour: Readonly<Record<Mode, number>>;
  readonly trustedProxies: number;
  /** Called when a request begins; its answer is called when it has ended, with the route's pattern. For metrics. */
  requestBegan?(): (ended: { method: string; route: string | null; status: number }) => void;
}

interface Owner {
  readonly merchant: string;
  readonly mode: Mode;
}

/** What merchants do with their endpoints and deliveries. All answer 404 `endpoint_not_found` for another's. */
export interface EndpointCommands {
  create(
    wanted: Owner & {
      readonly url: string;
      readonly events: readonly string[];
      readonly description: string | null;
      readonly request: NewRequest | null;
    },
  ): Promise<{ endpoint: Endpoint; secret: string }>;
  list(owner: Owner): Promise<Endpoint[]>;
  find(owner: Owner, id: string): Promise<Endpoint>;
  update(
    owner: Owner,
    id: string,
    change: {
      readonly url?: string;
      readonly events?: readonly string[];
      readonly description?: string | null;
      readonly status?: 'enabled' | 'disabled';
    },
  ): Promise<Endpoint>;
  delete(owner: Owner, id: string): Promise<Endpoint>;
  rotate(owner: Owner, id: string, request: NewRequest | null): Promise<{ endpoint: Endpoint; secret: string }>;
  test(owner: Owner, id: string, request: NewRequest | null): Promise<Delivery>;
  deliveries(
    owner: Owner,
    id: string,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<Page<Delivery>>;
  replay(owner: Owner, delivery: string, request: NewRequest | null): Promise<Delivery>;
  finishReplay(owner: Owner, delivery: string, key: string): Promise<Delivery>;
}
