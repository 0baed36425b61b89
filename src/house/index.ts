import type { Config } from '../config.js';
import type { Engine } from '../contracts/engine.js';
import type { Store } from '../contracts/store.js';
import { openBank } from './bank.js';
import { buildDoors } from './doors.js';
import { layFoundation } from './foundation.js';
import { createHousekeeper, startHeart } from './heart.js';
import type { Parts } from './parts.js';
import { openPost } from './post.js';

/** A running house. */
export interface Guichet {
  readonly engine: Engine;
  readonly store: Store;
  /** Takes no new request, lets what is under way end, and closes everything. */
  close(): Promise<void>;
}

/**
 * Builds the embedded house from its configuration and opens it: one process, one file. The only place where the rooms
 * are put together; `config.listen.port` must be the port it will have.
 * @throws StoreFailure when the database cannot be used; whatever listening throws
 */
export async function openGuichet(config: Config, parts: Parts): Promise<Guichet> {
  const closing = new AbortController();
  const foundation = await layFoundation(config, parts);
  const bank = await openBank(config, parts);
  const post = await openPost(config, parts);
  const heart = startHeart(config, parts, foundation, bank, post);
  const server = buildDoors(config, parts, foundation, bank, heart, post, closing.signal);
  await server.listen(config.listen.port, config.listen.host);
  const duties = [heart.sweeper, heart.notifier, heart.postman, createHousekeeper(parts, foundation)];
  for (const duty of duties) duty.start();
  return {
    engine: heart.engine,
    store: foundation.store,
    async close() {
      closing.abort();
      await server.close(config.limits.shutdownMs);
      await Promise.all([...duties.map((duty) => duty.stop()), heart.webhooks.close(), heart.mails.close()]);
      await heart.engine.idle();
      await Promise.all([bank.close(), post.close()]);
      await foundation.store.close();
    },
  };
}
