import type { Begun, OutgoingText, Telephone } from '../../src/contracts/telephone.js';
import type { Random } from './random.js';
import type { Time } from './time.js';

/** A text that reached its handset. */
export interface Received {
  readonly sid: string;
  readonly to: string;
  readonly body: string;
  /** Ours, as it stands where the provider reports. */
  readonly text: string;
}

/**
 * A model of the provider of texts and calls. Faults: requests that are lost, late or refused, answers that are lost, and a
 * list that does not answer. It knows no idempotency key: asked twice it does it twice.
 */
export interface ModelProvider {
  readonly telephone: Telephone;
  /** Everything that reached a handset, newest first. */
  readonly received: readonly Received[];
  /** Faults while true. */
  faulty: boolean;
}

export interface ProviderOptions {
  arrived(text: Received): void;
  /** Somebody's telephone rings; `url` says about what. */
  rings(url: string): void;
}

/** A late request surfaces before what was sent is looked for. */
const LATE_MS = 15_000;

export function modelProvider(time: Time, random: Random, { arrived, rings }: ProviderOptions): ModelProvider {
  const received: Received[] = [];
  const placed: { readonly to: string; readonly sid: string; readonly at: number }[] = [];
  const model = { faulty: true, received };
  let named = 0;

  function deliver({ to, body, statusUrl: text }: OutgoingText): string {
    named += 1;
    const sid = `SM${named}`;
    const one = { sid, to, body, text };
    received.unshift(one);
    arrived(one);
    return sid;
  }

  /** One request: done once, late or not at all, and answered or not. */
  function send(deadline: number, process: () => string): Promise<Begun> {
    const fate = model.faulty ? random.next() : 1;
    if (fate < 0.06) return Promise.resolve({ outcome: 'not_sent', reason: 'unreachable' });
    if (fate < 0.1) return Promise.resolve({ outcome: 'refused', why: 'unreachable', code: 21_211 });
    return new Promise((resolve) => {
      const giveUp = time.at(deadline, () => resolve({ outcome: 'unknown', reason: 'timeout' }));
      if (fate < 0.16) return; // the request is lost
      if (fate < 0.22) return void time.at(time.now() + random.between(0, LATE_MS), process); // late
      if (fate < 0.3) return void time.at(time.now() + 20, process); // the answer is lost
      time.at(time.now() + random.between(1, 60), () => {
        const sid = process();
        time.at(time.now() + random.between(1, 300), () => {
          giveUp();
          resolve({ outcome: 'taken', sid });
        });
      });
    });
  }

  const telephone: Telephone = {
    sendText: (text) => send(text.deadline, () => deliver(text)),
    placeCall: ({ to, deadline, url }) =>
      send(deadline, () => {
        const sid = `CA-placed-${url}`;
        placed.push({ to, sid, at: time.now() });
        rings(url);
        return sid;
      }),
    async callsTo(to, since) {
      if (model.faulty && random.chance(0.15)) throw new Error('no list');
      return placed.filter((call) => call.to === to && call.at >= since);
    },
    async textsTo(to) {
      if (model.faulty && random.chance(0.15)) throw new Error('no list');
      return received.filter((text) => text.to === to);
    },
  };
  return Object.assign(model, { telephone });
}
