/** What a merchant's server heard, held against the feed: every event at least once, under one id, saying the same. */
import { readFeed } from './feed.js';
import type { Receiver } from './receiver.js';
import { type Caller, pause } from './requests.js';

export interface Heard {
  readonly wrong: readonly string[];
  /** In the feed since the beginning, and deliveries that came. */
  readonly events: number;
  readonly received: number;
}

export interface Ear {
  /** Reads what is new in the feed, and waits until the receiver was told of all of it, at most until `deadline`. */
  hearEverything(deadline: number): Promise<Heard>;
}

/** Reads the feed from where it was read the last time: what was there before may not change, and is looked at again. */
export function createEar(caller: Caller, receiver: Receiver): Ear {
  const feed = new Map<string, string>();
  let position = 0;

  async function readOn(wrong: string[]): Promise<void> {
    for (const event of await readFeed(caller, position)) {
      position += 1;
      if (event.position !== position) wrong.push(`the feed has ${event.position} in the place of ${position}`);
      if (feed.has(event.id)) wrong.push(`the feed has ${event.id} twice`);
      feed.set(event.id, JSON.stringify(event));
    }
  }

  return {
    async hearEverything(deadline) {
      const wrong: string[] = [];
      await readOn(wrong);
      const missing = (): string[] => [...feed.keys()].filter((id) => !receiver.events.has(id));
      while (missing().length > 0 && Date.now() < deadline) await pause(200);
      wrong.push(...missing().map((id) => `the merchant's server was never told of ${id}`));
      // Told meanwhile, of what happened since the feed was read.
      if ([...receiver.events.keys()].some((id) => !feed.has(id))) await readOn(wrong);
      for (const [id, body] of receiver.events) {
        if (feed.get(id) !== JSON.stringify(JSON.parse(body))) wrong.push(`webhook and feed differ on ${id}`);
      }
      return { wrong: [...wrong, ...receiver.wrong], events: feed.size, received: receiver.received() };
    },
  };
}
