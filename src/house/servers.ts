import type { ConfigProblem } from '../config.js';
import type { Clock } from '../contracts/clock.js';
import { lookAt } from '../live/connection.js';
import { refuseUnfitMongo } from '../store/mongo/index.js';
import { allAtOnce, refuseForgetfulRedis } from './crew.js';

/**
 * Looks at the servers that unusable settings name, so that what is wrong there is told together with the settings.
 * @throws the problem, with whatever else is wrong
 */
export async function refuseWithServers(problem: ConfigProblem, clock: Clock): Promise<never> {
  const { mongodbUrl, redisUrl } = problem.servers;
  const mongo = mongodbUrl === null ? Promise.resolve() : refuseUnfitMongo(mongodbUrl, clock);
  const redis = refuseForgetfulRedis(redisUrl === null ? null : { look: () => lookAt(redisUrl) });
  await allAtOnce(Promise.reject(problem), allAtOnce(mongo, redis));
  throw problem;
}
