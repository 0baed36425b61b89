import type { TestProject } from 'vitest/node';
import { startMongo } from './mongod.js';

/** Under which name tests find the server. */
export const MONGODB = 'mongodb';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of tests that are played on MongoDB. */
    [MONGODB]?: string;
  }
}

/** Before the tests that are played on MongoDB: a server for all of them; afterwards its end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mongo = await startMongo();
  project.provide(MONGODB, mongo.database('admin'));
  return () => mongo.stop();
}
