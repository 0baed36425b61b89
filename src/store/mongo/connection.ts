import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import type { Clock } from '../../contracts/clock.js';
import { StoreFailure } from '../../contracts/errors.js';
import { pause } from './pause.js';

const VERSION_MIN = 6;
const DEFAULT_DATABASE = 'guichet';
const ANSWER_WITHIN_MS = 5_000;

/**
 * Written to the journals of a majority, or nobody knows; read from the primary what a majority has. An election takes some
 * seconds: what comes meanwhile waits for the new primary, and a server that is frozen is left after a while.
 */
function settings(patienceMs: number): ConnectOptions {
  return {
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: patienceMs },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    retryWrites: true,
    retryReads: true,
    serverSelectionTimeoutMS: patienceMs,
    connectTimeoutMS: Math.min(patienceMs, ANSWER_WITHIN_MS),
    // A primary that is frozen is noticed by its silence, and left.
    heartbeatFrequencyMS: 2_000,
    socketTimeoutMS: patienceMs,
    waitQueueTimeoutMS: patienceMs,
    maxPoolSize: 32,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  };
}

/** Between two tries while the members elect a primary. */
const ELECTION_PAUSE_MS = 250;

/**
 * Connects to a replica set that is new enough, once `prepare` has made what a first start needs there. A process that starts
 * while the members elect a primary waits for them, for at most `patienceMs`: `prepare` must stand being done again.
 * @throws StoreFailure of one line that says how to mend it; never with what stands in the URL, which may be a password
 */
export async function connect(
  url: string,
  { patienceMs, clock }: { readonly patienceMs: number; readonly clock: Clock },
  prepare: (connection: Connection) => Promise<void>,
): Promise<Connection> {
  const { where, dbName } = placeOf(url);
  const giveUpAt = clock.now() + patienceMs;
  for (;;) {
    try {
      await prepareFirst(url, { where, dbName }, prepare);
      return await mongoose.createConnection(url, { ...settings(patienceMs), dbName }).asPromise();
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      if (isOfTheUrl(error)) throw malformed();
      if (isOfAnElection(error) && clock.now() < giveUpAt) await pause(clock, ELECTION_PAUSE_MS);
      else throw unanswered(where, error);
    }
  }
}

async function prepareFirst(
  url: string,
  { where, dbName }: { readonly where: string; readonly dbName: string },
  prepare: (connection: Connection) => Promise<void>,
): Promise<void> {
  // The first answer must come soon; a new index on many documents takes as long as it takes.
  const options = { ...settings(ANSWER_WITHIN_MS), socketTimeoutMS: 0, dbName };
  const first = await mongoose.createConnection(url, options).asPromise();
  try {
    await refuseUnfit(first, where);
    await prepare(first);
  } finally {
    await first.close();
  }
}

function unanswered(where: string, error: unknown): StoreFailure {
  // The driver does not even ask a server of that age which version it is.
  if (/maximum wire version/i.test(reasonOf(error))) {
    return new StoreFailure(`MONGODB_URL: ${where} is an old MongoDB; version ${VERSION_MIN}.0 or newer is needed.`);
  }
  return new StoreFailure(
    `MONGODB_URL: no MongoDB answers at ${where} (${reasonOf(error)}). Is it running, with a primary?`,
  );
}

const HOST = /^(?:\[[\da-f:.]+\]|[\w.%-]+)(?::\d{1,5})?$/i;

/** Scheme, hosts and database, without whatever is secret or of no use to a reader. */
function placeOf(url: string): { where: string; dbName: string } {
  const match = /^(mongodb(?:\+srv)?):\/\/(?:[^@/]*@)?([^/?#\s@]+)(?:\/([\w-]*))?(?:\?[^#\s]*)?$/.exec(url);
  const [, scheme, hosts, name = ''] = match ?? [];
  if (scheme === undefined || hosts === undefined || !hosts.split(',').every((host) => HOST.test(host)))
    throw malformed();
  const dbName = name === '' ? DEFAULT_DATABASE : name;
  return { where: `${scheme}://${hosts}/${dbName}`, dbName };
}

async function refuseUnfit(connection: Connection, where: string): Promise<void> {
  const admin = connection.getClient().db('admin');
  const { version = '0' } = (await admin.command({ buildInfo: 1 })) as { version?: string };
  const { setName, msg } = (await admin.command({ hello: 1 })) as { setName?: string; msg?: string };
  const why = whyUnfit({ version, isSafe: setName !== undefined || msg === 'isdbgrid' });
  if (why !== null) throw new StoreFailure(`MONGODB_URL: ${where} is ${why}`);
}

/** Why this server cannot be used, and how to mend it; null when it can. Safe is a replica set, or a router before some. */
export function whyUnfit({ version, isSafe }: { version: string; isSafe: boolean }): string | null {
  if (Number.parseInt(version, 10) < VERSION_MIN) {
    return `MongoDB ${version}; version ${VERSION_MIN}.0 or newer is needed.`;
  }
  if (isSafe) return null;
  return 'a standalone server, where a write may be lost: start mongod with --replSet and initiate it, a set of one will do.';
}

function malformed(): StoreFailure {
  return new StoreFailure(
    'MONGODB_URL is malformed: write mongodb://host:27017/guichet?replicaSet=name, with special characters of a password percent-encoded.',
  );
}

const OF_THE_URL = new Set(['MongoParseError', 'MongoAPIError', 'MongoInvalidArgumentError', 'URIError']);

function isOfTheUrl(error: unknown): boolean {
  return error instanceof Error && OF_THE_URL.has(error.name);
}

/** What members say, by code, when they are no longer or not yet what they were taken for (the server's `error_codes.yml`). */
const OF_AN_ELECTION: ReadonlySet<unknown> = new Set([
  64, // WriteConcernFailed: the others have not confirmed in time
  91, // ShutdownInProgress
  189, // PrimarySteppedDown
  10_107, // NotWritablePrimary
  11_600, // InterruptedAtShutdown
  11_602, // InterruptedDueToReplStateChange
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
]);

/** Whether it may be better in a moment: a change of primary, or a connection cut by one. */
function isOfAnElection(error: unknown): boolean {
  if (error instanceof mongoose.mongo.MongoNetworkError) return true;
  return error instanceof mongoose.mongo.MongoServerError && OF_AN_ELECTION.has(error.code);
}

/** The driver's own words for it, on one line. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, ' ').slice(0, 200);
}
