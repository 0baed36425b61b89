import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { Store } from '../../src/contracts/store.js';
import { whyUnfit } from '../../src/store/mongo/connection.js';
import { openMongoStore } from '../../src/store/mongo/index.js';
import { sampleCommit, samplePayment } from '../contract/samples.js';
import { mongoForTests } from '../support/mongo_stores.js';
import { type Mongo, startMongo } from '../support/mongod.js';
import { silentLog } from '../support/silent_log.js';
import { needs } from '../support/skip.js';

const open = (url: string): Promise<Store> => openMongoStore({ url, log: silentLog(), clock: systemClock() });

/** What opening is refused with: one line, and nothing that may be a password. */
async function refusalOf(url: string): Promise<string> {
  const error = (await open(url).then(
    async (store) => {
      await store.close();
      return new Error('it opened');
    },
    (reason: unknown) => reason,
  )) as Error;
  expect(error).toMatchObject({ name: 'StoreFailure' });
  expect(error.message).toMatch(/^MONGODB_URL[^\n]*$/);
  expect(error.message).not.toContain('s3cret');
  return error.message;
}

describe('a URL that is malformed', () => {
  it.each([
    '',
    'localhost:27017',
    'http://localhost:27017/guichet',
    'mongodb://',
    'mongodb://user:s3cret@/guichet',
    'mongodb://user:s3cret@host:port/guichet',
    'mongodb://user:s3cret%@host:27017/guichet',
    'mongodb://host:27017/gui chet',
    'mongodb://user:s3cret@host:27017/guichet?replicaSet',
    'mongodb://user:s3cret@host:27017/guichet?w=much&nonsense=1',
  ])('is refused: %s', async (url) => {
    expect(await refusalOf(url)).toContain('malformed');
  });
});

it.each([
  ['5.0.31', true, /^MongoDB 5\.0\.31; version 6\.0 or newer/],
  ['4.4.0', false, /^MongoDB 4\.4\.0/],
  ['6.0.5', false, /^a standalone server/],
  ['6.0.0', true, null],
  ['10.1.0', true, null],
] as const)('judges a server of version %s', (version, isSafe, why) => {
  if (why === null) expect(whyUnfit({ version, isSafe })).toBeNull();
  else expect(whyUnfit({ version, isSafe })).toMatch(why);
});

describe('a server that does not answer', () => {
  let silent: Server | null = null;
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    silent?.close();
  });

  it('is refused when nobody listens', async () => {
    const message = await refusalOf('mongodb://user:s3cret@127.0.0.1:9/guichet?replicaSet=rs0');
    expect(message).toContain('no MongoDB answers at mongodb://127.0.0.1:9/guichet');
  });

  it('is refused when it accepts and says nothing', async () => {
    silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent?.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    expect(await refusalOf(`mongodb://127.0.0.1:${port}/guichet`)).toContain('no MongoDB answers');
  }, 20_000);
});

needs('mongod')('a real server', (binary) => {
  const mongo = mongoForTests();

  it('makes what a first start needs once, whoever comes first, and opens again', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, mongo.open));
    const payment = samplePayment();
    const won = await Promise.all(stores.map((store) => store.payments.commit(sampleCommit(payment))));
    expect(won.filter(Boolean)).toHaveLength(1);
    for (const store of stores) {
      expect(await store.payments.load(payment.id)).toEqual(payment);
      await store.close();
    }
    const again = await mongo.open();
    expect(await again.payments.load(payment.id)).toEqual(payment);
    await again.close();
  });

  it('takes the database `guichet` when the URL names none', async () => {
    const [, hosts = ''] = /^mongodb:\/\/([^/]+)/.exec(mongo.url) ?? [];
    const store = await open(`mongodb://${hosts}`);
    await store.workers.announce({ id: 'named', publicKey: 'k', endsAt: 1 });
    expect(await mongo.raw.useDb('guichet').collection('workers').countDocuments()).toBe(1);
    await mongo.raw.useDb('guichet').dropDatabase();
    await store.close();
  });

  describe.runIf(!process.env['MONGODB_URL'])('without a replica set', () => {
    let folder: string;
    let standalone: ChildProcess;
    let port: number;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'guichet-standalone-'));
      port = await freePort();
      const args = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet'];
      standalone = spawn(binary, args, { stdio: 'ignore' });
    });
    afterAll(async () => {
      const ended = new Promise((resolve) => standalone.once('exit', resolve));
      standalone.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    });

    it('is refused', async () => {
      expect(await refusalOf(`mongodb://127.0.0.1:${port}/guichet`)).toContain('is a standalone server');
    }, 20_000);
  });
});

needs('mongod')('a server amid an election', () => {
  describe.runIf(!process.env['MONGODB_URL'])('of our own', () => {
    let mongo: Mongo;
    let raw: Connection;
    beforeAll(async () => {
      mongo = await startMongo(1, ['--setParameter', 'enableTestCommands=1']);
      raw = await mongoose.createConnection(mongo.database()).asPromise();
    }, 60_000);
    afterAll(async () => {
      await raw.close();
      await mongo.stop();
    });

    const refuse = (times: number | 'alwaysOn', errorCode: number) =>
      raw
        .getClient()
        .db('admin')
        .command({
          configureFailPoint: 'failCommand',
          mode: times === 'alwaysOn' ? times : { times },
          data: { failCommands: ['createIndexes'], errorCode },
        });
    const opening = (patienceMs = 15_000) =>
      openMongoStore({ url: mongo.database(), log: silentLog(), clock: systemClock(), patienceMs });

    it.each([91, 189, 10_107, 11_602, 13_436])(
      'is waited for when it answers %i',
      async (code) => {
        await refuse(3, code);
        const store = await opening();
        await store.close();
      },
      20_000,
    );

    it('is waited for when the other members are slow to confirm', async () => {
      const late = { code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting for replication timed out' };
      await raw
        .getClient()
        .db('admin')
        .command({
          configureFailPoint: 'failCommand',
          mode: { times: 3 },
          data: { failCommands: ['createIndexes'], writeConcernError: late },
        });
      const store = await opening();
      await store.close();
    }, 20_000);

    it('is refused when that does not end', async () => {
      await refuse('alwaysOn', 10_107);
      await expect(opening(2_000)).rejects.toMatchObject({
        name: 'StoreFailure',
        message: expect.stringContaining('no MongoDB answers'),
      });
      await raw.getClient().db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });
    }, 20_000);

    it('is not waited for when it is anything else', async () => {
      await refuse(1, 13); // Unauthorized
      await expect(opening()).rejects.toMatchObject({
        name: 'StoreFailure',
        message: expect.stringContaining('no MongoDB answers'),
      });
    }, 20_000);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
