import type { Clock } from '../../../contracts/clock.js';
import type { Inbound } from './inbound.js';
import type { Message, Messages } from './messages.js';
import { type Segments, segmentsOf } from './segments.js';

/** A text as its handset shows it. */
export interface Text extends Segments {
  readonly sid: string;
  readonly at: number;
  readonly isOwn: boolean;
  /** The other side: a number or a name. */
  readonly with: string;
  readonly body: string;
}

/** A mobile phone, or what else there is at a number. */
export interface Handset {
  readonly number: string;
  /** What has arrived and what was sent, the oldest first. */
  texts(): readonly Text[];
  /** Resolves with a text that arrives, or has arrived since the last reply; rejects when none does in ten seconds. */
  receives(what: RegExp | string): Promise<Text>;
  /** Sends a text: to whom the last one is from, unless somebody is named. Resolves when the application has answered. */
  reply(body: string, to?: string): Promise<void>;
}

const PATIENCE_MS = 10_000;

export function createHandset(ports: { number: string; messages: Messages; inbound: Inbound; clock: Clock }): Handset {
  const { number, messages, inbound, clock } = ports;
  let seen = 0;

  const texts = (): Text[] => textsOf(messages, number);

  return {
    number,
    texts,
    receives(what) {
      const matches = ({ body, isOwn }: Text): boolean =>
        !isOwn && (typeof what === 'string' ? body.includes(what) : body.search(what) !== -1);
      const find = (): Text | undefined => texts().slice(seen).find(matches);
      const found = find();
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const end = (): void => {
          unlisten();
          cancel();
        };
        const unlisten = messages.onArrival(() => {
          const arrived = find();
          if (arrived === undefined) return;
          end();
          resolve(arrived);
        });
        const cancel = clock.at(clock.now() + PATIENCE_MS, () => {
          end();
          const all = texts().map(({ isOwn, body }) => `  ${isOwn ? '(sent) ' : ''}${body}`);
          reject(new Error(`no text ${what} for ${number}. There are:\n${all.join('\n')}`));
        });
      });
    },
    async reply(body, to) {
      const last = texts().findLast(({ isOwn }) => !isOwn)?.with;
      const receiver = to ?? last;
      if (receiver === undefined) throw new Error(`${number} has nobody to reply to`);
      seen = texts().length;
      await inbound.text(number, receiver, body);
    },
  };
}

/** What a handset shows: what it has sent, and what has reached it. */
export function textsOf(messages: Messages, number: string): Text[] {
  const isShown = ({ from, to, status }: Message): boolean =>
    (from === number && status === 'received') || (to === number && status === 'delivered');
  return messages
    .list()
    .filter(isShown)
    .toReversed()
    .map(({ sid, from, to, body, createdAt }) => {
      const isOwn = from === number;
      return { sid, at: createdAt, isOwn, with: isOwn ? to : from, body, ...segmentsOf(body) };
    });
}
