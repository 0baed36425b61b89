import type { Acquirer } from '../contracts/acquirer.js';
import type { CallReports } from '../contracts/calls.js';
import type { Clock } from '../contracts/clock.js';
import type { Ids } from '../contracts/ids.js';
import type { Log } from '../contracts/log.js';
import type { MailDesk } from '../contracts/mail.js';
import type { Store } from '../contracts/store.js';
import type { TextDesk } from '../contracts/text.js';
import type { Pace } from '../lab/twilio/options.js';
import type { Metrics } from '../metrics.js';

/** What tests and benches put in the place of the real thing. */
export interface Parts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
  /** In the place of the sandbox, under its name. */
  readonly acquirer?: Acquirer;
  /** In the place of the store that the settings name. */
  readonly store?: Store;
  /** In the place of the desk that writes mails for others. */
  readonly mails?: MailDesk;
  /** How fast people and machines at the lab's telephones are. */
  readonly pace?: Partial<Pace>;
  /** In the place of the desk that texts for others, and of whoever hears what became of calls we placed. */
  readonly texts?: TextDesk;
  readonly callReports?: CallReports;
  /** Ends this process at once, as a power cut does. Absent where nobody would start it again. */
  pullThePlug?(): void;
}
