import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { InquiryOutcome } from './contracts/acquirer.js';
import type { MailKind } from './contracts/mail.js';
import type { OperationType, PaymentStatus, Source } from './contracts/payment.js';

/**
 * What is counted, each as a plain function that can be handed on by itself. None of them throws, waits or keeps anything
 * that names a person, a payment or a merchant.
 */
export interface Metrics {
  /** A payment took a status, through a channel (`none` before anybody acted). */
  paymentChanged(payment: { status: PaymentStatus; channel: Source | null; mode: 'test' | 'live' }): void;
  /** A call that moves money was answered. */
  operationAnswered(operation: { acquirer: string; type: OperationType; outcome: InquiryOutcome['outcome'] }): void;
  /** How many operations wait for somebody to say what became of them, now. */
  unknownOutcomes(count: number): void;
  /** The sweeper ended a round in which it took up this many payments. */
  swept(payments: number): void;
  /** A payment was set aside because it could not be worked on. */
  quarantined(): void;
  /** How many due payments the last sweep has left to processes of another release, by what they need. */
  leftAlone(payments: ReadonlyMap<string, number>): void;
  /** A webhook was tried, with this end. */
  webhookTried(result: 'delivered' | 'failed' | 'parked' | 'dropped'): void;
  /** A mail was taken up, with this end. */
  mailTried(result: 'sent' | 'failed' | 'parked' | 'dropped'): void;
  /** A mail was dropped because its address was written to often enough. */
  mailCapped(kind: MailKind): void;
  /**
   * A request began; call the answer when it has ended. `route` is the pattern (`/v1/payments/{id}`), never the path;
   * null for what no route took.
   */
  requestBegan(): (request: { method: string; route: string | null; status: number }) => void;
  /** Everything in Prometheus' text format. */
  text(): Promise<string>;
  /** What to send as `content-type` with it. */
  readonly contentType: string;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Seconds: most answers take milliseconds, `pay_with` and long polls seconds. */
const DURATIONS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Different values of one label that come from outside before further ones are counted together. */
const VALUES_MAX = 200;

/** Makes the metrics of one process with a registry of their own. */
export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const payments = new Counter({
    name: 'guichet_payments_total',
    help: 'Payments that took a status, by channel and mode',
    labelNames: ['status', 'channel', 'mode'],
    registers,
  });
  const operations = new Counter({
    name: 'guichet_operations_total',
    help: 'Calls that move money, by what became of them',
    labelNames: ['acquirer', 'type', 'status'],
    registers,
  });
  const unknown = new Gauge({
    name: 'guichet_unknown_outcomes',
    help: 'Operations whose outcome nobody has said yet',
    registers,
  });
  const sweeps = new Counter({ name: 'guichet_sweeps_total', help: 'Rounds of the sweeper', registers });
  const swept = new Counter({
    name: 'guichet_swept_payments_total',
    help: 'Payments the sweeper took up',
    registers,
  });
  const quarantined = new Counter({
    name: 'guichet_quarantined_total',
    help: 'Payments set aside for a person to look at',
    registers,
  });
  const left = new Gauge({
    name: 'guichet_payments_left_alone',
    help: 'Due payments that wait for a process of another release, by what they need',
    labelNames: ['needs'],
    registers,
  });
  const deliveries = new Counter({
    name: 'guichet_webhook_deliveries_total',
    help: 'Tries to deliver a webhook, by how they ended',
    labelNames: ['result'],
    registers,
  });
  const requests = new Histogram({
    name: 'guichet_http_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATIONS,
    registers,
  });
  const acquirers = bounded();
  const routes = bounded();

  return {
    paymentChanged: ({ status, channel, mode }) => payments.inc({ status, channel: channel ?? 'none', mode }),
    operationAnswered: ({ acquirer, type, outcome }) =>
      operations.inc({ acquirer: acquirers(acquirer), type, status: outcome }),
    unknownOutcomes: (count) => unknown.set(count),
    swept: (count) => {
      sweeps.inc();
      swept.inc(count);
    },
    quarantined: () => quarantined.inc(),
    leftAlone(counts) {
      left.reset();
      for (const [needs, count] of counts) left.set({ needs }, count);
    },
    webhookTried: (result) => deliveries.inc({ result }),
    ...mailMetrics(registers),
    requestBegan: () => {
      const begun = performance.now();
      return ({ method, route, status }) => {
        const labels = {
          method: METHODS.has(method) ? method : 'other',
          route: route === null ? 'none' : routes(route),
          status,
        };
        requests.observe(labels, (performance.now() - begun) / 1_000);
      };
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function mailMetrics(registers: Registry[]): Pick<Metrics, 'mailTried' | 'mailCapped'> {
  const mails = new Counter({
    name: 'guichet_mails_total',
    help: 'Mails that were taken up, by how that ended',
    labelNames: ['result'],
    registers,
  });
  const capped = new Counter({
    name: 'guichet_mails_capped_total',
    help: 'Mails that were dropped because their address was written to often enough, by what they would have told',
    labelNames: ['kind'],
    registers,
  });
  return { mailTried: (result) => mails.inc({ result }), mailCapped: (kind) => capped.inc({ kind }) };
}

/** Passes a label's first values and calls all later ones `other`: every value costs memory for as long as we run. */
function bounded(): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (!known.has(value)) {
      if (known.size >= VALUES_MAX) return 'other';
      known.add(value);
    }
    return value;
  };
}
