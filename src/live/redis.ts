import type { Live } from '../contracts/live.js';
import type { Log } from '../contracts/log.js';
import { connect } from './connection.js';

const CHANNEL = 'guichet:changed';
/** Longer than any id of ours. */
const WORD_LENGTH_MAX = 64;

export interface LiveBus extends Live {
  close(): void;
}

/** Word between processes through Redis' publish and subscribe: nothing is kept, nothing is waited for. */
export function openLive(url: string, log: Log): LiveBus {
  const speaking = connect(url, 'soon', log, 'telling of changes');
  const listening = connect(url, 'patient', log, 'hearing of changes');
  const listeners = new Set<(payment: string) => void>();
  // Repeated by the client itself whenever it is connected again.
  listening.redis.subscribe(CHANNEL).catch((error: unknown) => log.warn('no word of changes', { error }));
  listening.redis.on('message', (_channel: string, word: string) => {
    if (word.length > WORD_LENGTH_MAX) return;
    for (const heard of listeners) heard(word);
  });
  return {
    tell(payment) {
      if (!speaking.isUp()) return;
      // Lost word is found by reading.
      speaking.redis.publish(CHANNEL, payment).catch(() => undefined);
    },
    listen: (heard) => void listeners.add(heard),
    isUp: () => speaking.isUp() && listening.isUp(),
    close() {
      speaking.close();
      listening.close();
    },
  };
}
