import type { Connection } from 'mongoose';
import type { Member, Mongo } from './mongod.js';

/** The member that is primary now, and the others. */
export async function rolesOf(mongo: Mongo, raw: Connection): Promise<{ primary: Member; secondaries: Member[] }> {
  const { primary: host } = (await raw.getClient().db('admin').command({ hello: 1 })) as { primary: string };
  const primary = mongo.members.find(({ port }) => host.endsWith(`:${port}`));
  if (primary === undefined) throw new Error(`${host} is none of ours`);
  return { primary, secondaries: mongo.members.filter((member) => member !== primary) };
}
