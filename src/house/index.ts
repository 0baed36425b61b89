import type { Config } from '../config.js';
import type { Engine } from '../contracts/engine.js';
import type { Store } from '../contracts/store.js';
import { createLocalJobs } from '../jobs/local.js';
import type { Twilio } from '../lab/twilio/simulator.js';
import { openBank } from './bank.js';
import { allAtOnce, assemble, meets, reachRedis, refuseForgetfulRedis } from './crew.js';
import { buildDoors } from './doors.js';
import { layFoundation } from './foundation.js';
import { createHousekeeper, startHeart } from './heart.js';
import { openLab } from './lab.js';
import { openLanDoor } from './lan.js';
import { openLine } from './line.js';
import type { Parts } from './parts.js';
import { openPost } from './post.js';
import { openStore } from './store.js';
import { openSwitchboard } from './switchboard.js';

/** A running house. */
export interface Guichet {
  readonly engine: Engine;
  readonly store: Store;
  /** The telephones of the world, as the lab has them; null where there is no lab. */
  readonly twilio: Twilio | null;
  /** Takes no new request, lets what is under way end, and closes everything. */
  close(): Promise<void>;
}

/**
 * Builds the house from its configuration and opens it: one process and one file, or one process of a cluster. The only
 * place where the rooms are put together; `listen.port` must be the port it will have.
 * @throws StoreFailure, ConfigProblem when what it is built on cannot be used; whatever listening throws
 */
export async function openGuichet(settings: Config, parts: Parts): Promise<Guichet> {
  const closing = new AbortController();
  const redis = reachRedis(settings, parts.log);
  const [store] = await allAtOnce(openStore(settings, parts), refuseForgetfulRedis(redis));
  const foundation = await layFoundation(settings, parts, store);
  const bank = await openBank(settings, parts);
  const post = await openPost(settings, parts);
  const switchboard = await openSwitchboard(settings, parts);
  const { config } = switchboard;
  const crew = assemble(config, parts, redis);
  const line = openLine(config, config.twilio, parts);
  const heart = startHeart(config, parts, foundation, bank, post, crew, line);
  const lab = meets(config) ? openLab(config, parts, foundation, bank) : null;
  const server = buildDoors(config, parts, foundation, bank, heart, post, lab, crew, closing.signal);
  await server.listen(config.listen.port, config.listen.host);
  const lanDoor = await openLanDoor(config, parts, foundation, heart, lab, closing.signal);
  const duties = [...heart.duties, createHousekeeper(parts, foundation, heart)];
  if (lab !== null) duties.push(createLocalJobs(parts.clock, parts.log, { name: 'shop', run: lab.run }));
  const { codeKeys } = foundation;
  const announcing = codeKeys === null ? null : createLocalJobs(parts.clock, parts.log, codeKeys.duty);
  announcing?.start();
  for (const duty of duties) duty.start();
  crew.begin(heart.engine);
  return {
    engine: heart.engine,
    store: foundation.store,
    twilio: switchboard.twilio,
    async close() {
      closing.abort();
      await announcing?.stop();
      // Left behind, the key is believed for some seconds more.
      await codeKeys?.withdraw().catch(() => undefined);
      await Promise.all([server.close(config.limits.shutdownMs), lanDoor?.close(config.limits.shutdownMs)]);
      await crew.close();
      await Promise.all([...duties.map((duty) => duty.stop()), heart.webhooks.close(), heart.mails.close()]);
      await heart.texting?.texts.close();
      await heart.engine.idle();
      await Promise.all([bank.close(), post.close(), switchboard.close()]);
      lab?.close();
      await foundation.store.close();
    },
  };
}
