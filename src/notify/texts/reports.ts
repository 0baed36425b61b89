import type { Engine } from '../../contracts/engine.js';
import type { Log } from '../../contracts/log.js';
import type { ReachReport } from '../../contracts/reach.js';
import type { Store } from '../../contracts/store.js';
import { CONSENT_PURPOSES, type Consents, type Text, type TextReport } from '../../contracts/text.js';
import { digitsNextAt, over, rest, sent } from './sender.js';

export interface ReportPorts {
  readonly store: Pick<Store, 'texts' | 'payments'>;
  readonly consents: Consents;
  readonly engine: Pick<Engine, 'reached'>;
  readonly clock: { now(): number };
  readonly log: Log;
}

const RACES_MAX = 20;
/** The provider's code for a number that has said STOP to ours. */
const OPTED_OUT = 21_610;
/** What its codes of undelivered texts mean; the rest is `undelivered`. */
const REASONS: Readonly<Record<number, string>> = {
  21610: 'opted_out',
  30003: 'switched_off',
  30004: 'blocked',
  30005: 'unreachable',
  30006: 'unreachable',
  30007: 'filtered',
  30036: 'too_late',
};

export function createReports(ports: ReportPorts) {
  const { store, consents, engine, clock, log } = ports;

  /** What the provider says becomes of a text: it goes on and never back, however late or often it is said. */
  async function reported(report: TextReport): Promise<Text | null> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const text = await store.texts.load(report.text);
      if (text === null || (text.sid !== null && text.sid !== report.sid)) return null;
      const change = changeOf(text, report, clock.now());
      if (change === null) return text;
      if (report.code === OPTED_OUT) await optedOut(text);
      const next = { ...text, ...change, revision: text.revision + 1 };
      if (await store.texts.commit(next)) return next;
    }
    log.warn('a report about a text was not written down', { text: report.text });
    return null;
  }

  /** Where the number is not kept any more, it stands in the reach. */
  async function optedOut({ to, payment: id, reach }: Text): Promise<void> {
    const payment = to === null && reach !== null ? await store.payments.load(id) : null;
    const number = to ?? payment?.reaches.find((one) => one.id === reach?.reach && one.channel === 'sms')?.to ?? null;
    if (number !== null) await consents.say(number, { given: false, by: 'provider', purposes: CONSENT_PURPOSES });
  }

  /** Tells the reach that a text serves how far it has got. It may be told twice: it goes by ranks. */
  async function tell(text: Text): Promise<Text | null> {
    const { reach, payment } = text;
    if (reach !== null) for (const report of reportsOf(text)) await engine.reached(payment, reach, report);
    const dueAt = digitsNextAt(text, clock.now());
    const next = { ...text, untold: false, dueAt, revision: text.revision + 1 };
    return (await store.texts.commit(next)) ? next : null;
  }

  return { reported, tell };
}

function changeOf(text: Text, { sid, status, code }: TextReport, now: number): Partial<Text> | null {
  if (text.status === 'delivered' || text.status === 'failed' || text.status === 'dropped') return null;
  switch (status) {
    case 'under_way':
      return text.status === 'waiting' ? sent(text, sid, now) : null;
    case 'delivered':
      return { ...sent(text, sid, text.sentAt ?? now), status: 'delivered', ...rest(text, now) };
    case 'failed':
      return { sid, ...over(text, 'failed', (code === null ? undefined : REASONS[code]) ?? 'undelivered', now) };
  }
}

function reportsOf({ status, why, challenge }: Text): ReachReport[] {
  const isOpen = challenge?.state === 'open';
  const wasSent: ReachReport = { status: 'sent', answerBy: isOpen ? challenge.expiresAt : null };
  switch (status) {
    case 'sent':
      return [wasSent];
    case 'delivered':
      return [wasSent, { status: 'delivered' }];
    case 'failed':
      return [{ status: 'failed', why: why ?? 'undelivered' }];
    case 'waiting':
    case 'dropped':
      return [];
  }
}
