import type { HttpCaller } from '../../acquirers/http.js';
import { NOTIFICATION_SIGNATURE, signatureOf, type WireNotification } from '../../acquirers/sandbox/protocol.js';
import type { Clock } from '../../contracts/clock.js';
import { type Entry, standingOf } from './entry.js';
import type { Ledger } from './ledger.js';

const DEADLINE_MS = 5_000;
const RESUMED_MAX = 1_000;

/** Tells the other side that an operation has come true: signed, once, a hint only. */
export interface Notifications {
  /** Sends when the operation settles, or now when it has. */
  notify(entry: Entry): void;
  /** Takes up what a stopped sandbox had still to tell. */
  resume(): void;
  close(): void;
}

export function createNotifications(ports: {
  ledger: Ledger;
  http: HttpCaller;
  clock: Clock;
  credential: string;
  /** Where to; null for nowhere. */
  url: string | null;
}): Notifications {
  const { ledger, clock, url } = ports;
  const waiting = new Set<() => void>();

  async function send(to: string, operation: string): Promise<void> {
    const entry = ledger.find(operation);
    if (entry === null) return;
    const body = JSON.stringify({
      payment: entry.payment,
      operation: entry.id,
      status: standingOf(entry, clock.now()),
      reference: entry.reference,
    } satisfies WireNotification);
    const signature = signatureOf(ports.credential, 'notification', body);
    await ports.http.call({
      method: 'POST',
      url: to,
      headers: { 'content-type': 'application/json', [NOTIFICATION_SIGNATURE]: signature },
      body,
      deadline: clock.now() + DEADLINE_MS,
      mayStillSend: () => true,
    });
  }

  function notify(entry: Entry): void {
    if (url === null) return;
    if (entry.settlesAt === null) {
      void send(url, entry.id);
      return;
    }
    const cancel = clock.at(entry.settlesAt, () => {
      waiting.delete(cancel);
      void send(url, entry.id);
    });
    waiting.add(cancel);
  }

  return {
    notify,
    resume() {
      for (const entry of ledger.pending(clock.now(), RESUMED_MAX)) notify(entry);
    },
    close() {
      for (const cancel of waiting) cancel();
      waiting.clear();
    },
  };
}
