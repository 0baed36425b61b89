import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import { openDatabase } from '../../store/sqlite/database.js';
import { createLetters, type Letters } from './letters.js';
import { createMoods, type Mood } from './moods.js';
import { MIGRATIONS } from './schema.js';
import { type Behaviour, openSmtp } from './server.js';

export interface Mailbox {
  /** Where it listens, on loopback. */
  readonly port: number;
  readonly letters: Letters;
  mood(): Mood;
  behave(mood: Mood): void;
  close(): Promise<void>;
}

export interface MailboxOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 for any that is free. */
  readonly port?: number;
}

/**
 * Opens the lab's mailbox: a mail server of its own on loopback, which keeps what it takes in `mailbox.db` before it says so.
 * Houses that share a data folder each have a server, and all of them one mailbox.
 */
export async function openMailbox({ dataFolder, clock, log, port = 0 }: MailboxOptions): Promise<Mailbox> {
  mkdirSync(dataFolder, { recursive: true });
  const database = openDatabase({ path: join(dataFolder, 'mailbox.db'), migrations: MIGRATIONS });
  const letters = createLetters(database);
  const moods = createMoods(database);

  async function behave(to: string): Promise<Behaviour> {
    const { slowMs, refuse } = moods.read();
    if (slowMs > 0) await new Promise<void>((resolve) => clock.at(clock.now() + slowMs, resolve));
    return refuse !== null && refuse.toLowerCase() === to.toLowerCase() ? 'refuse' : 'take';
  }

  const smtp = await openSmtp({
    port,
    behave,
    isAway: () => moods.read().away,
    keep: async ({ to, raw }) => {
      await letters.add({ at: clock.now(), to, raw }).catch((error: unknown) => {
        log.error('the mailbox could not keep a mail', { error });
        throw error;
      });
    },
  }).catch((error: unknown) => {
    database.close();
    throw error;
  });
  return {
    port: smtp.port,
    letters,
    mood: moods.read,
    behave(wanted) {
      moods.keep(wanted);
      // Those who are connected already would never notice that it is gone.
      if (wanted.away) smtp.hangUp();
    },
    async close() {
      await smtp.close();
      database.close();
    },
  };
}
