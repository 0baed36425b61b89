import type { Live } from '../contracts/live.js';
import type { Log } from '../contracts/log.js';
import type { Connector } from './connection.js';

const CHANNEL = 'guichet:changed';
/** Longer than any id of ours. */
const WORD_LENGTH_MAX = 64;
/** Words on their way at once; beyond it Redis is too slow to be worth telling. */
const UNDER_WAY_MAX = 1_000;

export interface LiveBus extends Live {
  close(): void;
}

/** Word between processes through Redis' publish and subscribe: nothing is kept, nothing is waited for. */
export function openLive(connector: Connector, log: Log): LiveBus {
  const speaking = connector.connect('soon');
  const listening = connector.connect('patient');
  const listeners = new Set<(payment: string) => void>();
  // Repeated by the client itself whenever it is connected again.
  listening.redis.subscribe(CHANNEL).catch((error: unknown) => log.warn('no word of changes', { error }));
  listening.redis.on('message', (_channel: string, word: string) => {
    if (word.length > WORD_LENGTH_MAX) return;
    for (const heard of listeners) heard(word);
  });
  let underWay = 0;
  const ended = (): void => {
    underWay -= 1;
  };
  return {
    tell(payment) {
      if (!speaking.isUp() || underWay >= UNDER_WAY_MAX) return;
      underWay += 1;
      // Word that is lost is made up for by reading.
      speaking.redis.publish(CHANNEL, payment).then(ended, ended);
    },
    listen: (heard) => void listeners.add(heard),
    isUp: () => speaking.isUp() && listening.isUp(),
    close() {
      speaking.close();
      listening.close();
    },
  };
}
