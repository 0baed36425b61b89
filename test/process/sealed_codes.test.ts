/** Security codes on their way from a web process to workers that all die: nothing that is left opens one. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { createBrowser, formOf } from '../channels/web/page_server.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import type { GuichetProcess } from '../support/guichet.js';
import { lookInto, type Memory } from '../support/memory.js';
import { needs } from '../support/skip.js';
import { ledgerOf } from './audit.js';
import { callersOf } from './cluster_load.js';
import { type Caller, get, pause, post } from './requests.js';

/** A card whose codes have four digits, so that one is hardly found by chance. */
const CARD = { number: '3782 822463 10005', expiry: '12/34' };
const CODE = '7391';
const AGAIN = '2846';
const PATIENCE_MS = 60_000;
const TEST_MS_MAX = 180_000;
const TRIES_MAX = 8;

interface HeapSnapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: string[]; readonly node_types: [string[]] } };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** What the program itself holds as text: the snapshot's own list also names edges and places. */
function textsIn({ snapshot: { meta }, nodes, strings }: HeapSnapshot): string[] {
  const [kinds] = meta.node_types;
  const [type, name] = ['type', 'name'].map((field) => meta.node_fields.indexOf(field)) as [number, number];
  const found = new Set<number>();
  for (let at = 0; at < nodes.length; at += meta.node_fields.length) {
    const kind = kinds[nodes[at + type] ?? 0] ?? '';
    if (kind.includes('string')) found.add(nodes[at + name] ?? 0);
  }
  return [...found].map((index) => strings[index] ?? '');
}

/** Looks into the memory of a process that does nothing meanwhile. */
function standingStill<T>(member: GuichetProcess, look: (memory: Memory) => T): T {
  const pid = member.pid();
  if (pid === null) throw new Error('it is not running');
  member.freeze();
  try {
    return lookInto(pid, look);
  } finally {
    member.thaw();
  }
}

const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const KEY_BYTES = 32;
const NEAR_BYTES = 160;
const ADDRESS_BYTES = 8;

function publicHalfOf(key: Buffer): string | undefined {
  const der = Buffer.concat([PKCS8_X25519, key]);
  return createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' }).x;
}

/** The private half of a key, proven to be it; null in the memory of whoever does not have it. */
function privateKeyOf(publicHalf: Buffer, memory: Memory): Buffer | null {
  for (const spot of memory.find(publicHalf)) {
    const from = spot - NEAR_BYTES - (spot % ADDRESS_BYTES);
    for (let at = from; at < spot + NEAR_BYTES; at += ADDRESS_BYTES) {
      const address = memory.read(at, ADDRESS_BYTES)?.readBigUInt64LE() ?? 0n;
      const key = address < 2n ** 47n ? memory.read(Number(address), KEY_BYTES) : null;
      if (key !== null && publicHalfOf(key) === publicHalf.toString('base64url')) return key;
    }
  }
  return null;
}

/** A private key as bytes, and as it would be written down. */
const formsOf = (key: Buffer): Buffer[] => [
  key,
  ...[key.toString('base64url'), key.toString('base64'), key.toString('hex')].map((text) => Buffer.from(text)),
];

/** By itself, and not as a part of some longer number or word. */
function standsIn(text: string): boolean {
  return new RegExp(`(?<![\\w.-])${CODE}(?![\\w.-])`).test(text);
}

needs('mongod')('a cluster', () =>
  needs('memory')('whose memory can be read,', () =>
    needs('redis')('with a security code in flight', (redisServer) => {
      let cluster: Cluster;
      let database: Connection;
      beforeAll(async () => {
        // Appends each job to a file before it answers: what it was told is to be found there.
        prepare();
        cluster = await startCluster({
          redisServer,
          redisSettings: ['--appendonly', 'yes', '--appendfsync', 'always'],
          webs: 1,
          workers: 2,
          settings: { LOG_LEVEL: 'debug', NODE_OPTIONS: '--heapsnapshot-signal=SIGUSR2' },
        });
        database = await mongoose.createConnection(cluster.databaseUrl).asPromise();
      }, 90_000);
      afterAll(async () => {
        await database?.close();
        await cluster?.close();
      });

      const caller = (): Caller => {
        const [first] = callersOf(cluster, (sentence) => expect(sentence).toBe('never said'));
        if (first === undefined) throw new Error('there is a web process');
        return first;
      };

      async function patiently<T>(what: string, look: () => Promise<T | null>): Promise<T> {
        const giveUpAt = Date.now() + PATIENCE_MS;
        while (Date.now() < giveUpAt) {
          const found = await look();
          if (found !== null) return found;
          await pause(50);
        }
        throw new Error(`${what} did not come`);
      }

      async function openPage(reference: string) {
        const body = { amount: 1_000, currency: 'EUR', reference };
        const payment = (await post(caller(), '/v1/payments', body, reference)).body;
        const browser = createBrowser(caller().url);
        const path = new URL(String((payment['links'] as { pay: string }).pay)).pathname;
        return { id: String(payment['id']), browser, path };
      }

      const statusOf = async (id: string): Promise<unknown> =>
        (await get(caller(), `/v1/payments/${id}`)).body['status'];

      /** Everything at rest: all documents, Redis' files, what was logged, and what the processes wrote by themselves. */
      async function everythingAtRest(): Promise<Buffer> {
        const collections = await database.listCollections();
        const documents = await Promise.all(
          collections.map(({ name }) => database.collection(name).find({}).toArray()),
        );
        const bytes = documents.flat().map((document) => Buffer.from(mongoose.mongo.BSON.serialize(document)));
        const files = readdirSync(cluster.dataDir).filter((name) => !name.endsWith('.heapsnapshot'));
        const written = files.map((name) => readFileSync(join(cluster.dataDir, name)));
        const outputs = [...cluster.webs, ...cluster.workers].map((member) => Buffer.from(member.output()));
        return Buffer.concat([...bytes, ...written, cluster.redis.files(), ...outputs]);
      }

      it('reaches a worker, and is gone with the authorization', { timeout: TEST_MS_MAX }, async () => {
        const { id, browser, path } = await openPage('SEALED-1');
        await browser.submit(await browser.ask(path), '/card', { ...CARD, security_code: CODE });
        await patiently('the outcome', async () => ((await statusOf(id)) === 'succeeded' ? true : null));
        const [authorization] = (await ledgerOf(cluster.sandbox)).filter(({ payment }) => payment === id);
        expect(authorization).toMatchObject({ type: 'authorize', captured: 1_000 });
        expect(standsIn((await everythingAtRest()).toString('latin1'))).toBe(false);
        expect(await sealedCodes()).toBe(0);
      });

      it('is lost with every worker, and the payer is asked for it again', { timeout: TEST_MS_MAX }, async () => {
        const { id, browser, path, keys } = await inFlight();

        const left = await everythingAtRest();
        expect(standsIn(left.toString('latin1'))).toBe(false);
        for (const form of keys.flatMap(formsOf)) expect(left.includes(form)).toBe(false);
        const heap = await heapOf();
        expect(heap.length).toBeGreaterThan(1_000);
        expect(heap.filter(standsIn)).toEqual([]);
        const web = cluster.webs[0] as GuichetProcess;
        for (const form of keys.flatMap(formsOf)) expect(standingStill(web, (memory) => memory.find(form))).toEqual([]);
        // Nor can the web process send it, whatever becomes of Redis.
        await cluster.redis.kill();
        await pause(1_000);
        expect(await operationsOf(id)).toEqual(['waiting']);
        await cluster.redis.start();

        await Promise.all(cluster.workers.map((worker) => worker.start()));
        const asked = await patiently('the question', async () => {
          const shown = await browser.ask(path);
          return shown.body.includes('/security-code"') ? shown : null;
        });
        expect(formOf(asked.body, '/security-code').fields).toBeDefined();
        expect((await ledgerOf(cluster.sandbox)).filter(({ payment }) => payment === id)).toEqual([]);
        await browser.submit(asked, '/security-code', { security_code: AGAIN });
        await patiently('the outcome', async () => ((await statusOf(id)) === 'succeeded' ? true : null));
        expect((await ledgerOf(cluster.sandbox)).filter(({ payment }) => payment === id)).toHaveLength(1);
        expect(await sealedCodes()).toBe(0);
      });

      it('is left to the worker that can open it by one that came later', { timeout: TEST_MS_MAX }, async () => {
        const [holder, late] = cluster.workers as [GuichetProcess, GuichetProcess];
        await late.end('SIGTERM');
        const announced = database.collection('workers');
        // The holder's own: those of workers that were killed before are older.
        const [before] = await announced.find({}).sort({ endsAt: -1 }).limit(1).toArray();
        await late.start();
        const { id } = await leftWith(holder, late, before?._id);
        late.thaw();
        await pause(3_000);
        expect(await operationsOf(id)).toEqual(['waiting']);
        holder.thaw();
        await patiently('the outcome', async () => ((await statusOf(id)) === 'succeeded' ? true : null));
        expect((await ledgerOf(cluster.sandbox)).filter(({ payment }) => payment === id)).toHaveLength(1);
      });

      /**
       * A payment whose code has left the web process for workers that were killed just before, and the keys that these had. Their
       * announcements are believed for some seconds more. On a busy machine the queue may be too slow for a payer; then the web
       * process has sent the code itself, and another one is tried.
       */
      async function inFlight() {
        for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
          const payer = await openPage(`SEALED-2-${attempt}`);
          const page = await payer.browser.ask(payer.path);
          const dead = cluster.workers.filter((worker) => worker.pid() === null);
          await Promise.all(dead.map((worker) => worker.start()));
          const keys = (await Promise.all(cluster.workers.map(announcedKeysOf))).flat();
          await Promise.all(cluster.workers.map((worker) => worker.end('SIGKILL')));
          await payer.browser.submit(page, '/card', { ...CARD, security_code: CODE });
          await patiently('the intent', async () => ((await operationsOf(payer.id)).length > 0 ? true : null));
          await pause(1_000);
          if ((await operationsOf(payer.id))[0] !== 'waiting') continue;
          expect(await sealedCodes()).toBe(1);
          return { ...payer, keys };
        }
        throw new Error('no payment was handed over');
      }

      /** Once the worker has announced one; that it is found shows that the search sees what it looks for. */
      const announcedKeysOf = (worker: GuichetProcess): Promise<Buffer[]> =>
        patiently('a key in the memory of a worker', async () => {
          const keys = await privateKeysOf(worker);
          return keys.length > 0 ? keys : null;
        });

      /**
       * The keys that a living worker announces, as they stand in its memory: OpenSSL keeps the public half beside an address of
       * the private one.
       */
      async function privateKeysOf(worker: GuichetProcess): Promise<Buffer[]> {
        const announced = await database.collection('workers').find({}).toArray();
        const halves = announced.map((document) => Buffer.from(String(document['publicKey']), 'base64url'));
        return standingStill(worker, (memory) => halves.flatMap((half) => privateKeyOf(half, memory) ?? []));
      }

      /**
       * A payment whose code has left the web process for a worker that stands still, beside one that came later. On a busy machine
       * the web process may have sent it itself, and another one is tried.
       */
      async function leftWith(holder: GuichetProcess, late: GuichetProcess, came: unknown): Promise<{ id: string }> {
        const announced = database.collection('workers');
        for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
          const { id, browser, path } = await openPage(`SEALED-3-${attempt}`);
          const page = await browser.ask(path);
          for (const worker of [holder, late]) worker.freeze();
          // As if the other had not been there yet; and the one is believed while it stands still.
          await announced.deleteMany({ _id: { $ne: came } } as never);
          await announced.updateMany({}, { $set: { endsAt: Date.now() + PATIENCE_MS } });
          await browser.submit(page, '/card', { ...CARD, security_code: CODE });
          await patiently('the intent', async () => ((await operationsOf(id)).length > 0 ? true : null));
          await pause(1_000);
          if ((await operationsOf(id))[0] === 'waiting') return { id };
          for (const worker of [holder, late]) worker.thaw();
        }
        throw new Error('no payment was handed over');
      }

      /** How many sealed codes lie in the store. */
      const sealedCodes = (): Promise<number> => database.collection('vault').countDocuments({ kind: 'security_code' });

      /** Every text in the memory of the web process that it can still reach. */
      async function heapOf(): Promise<string[]> {
        const [web] = cluster.webs;
        web?.signal('SIGUSR2');
        return patiently('the heap', async () => {
          const name = readdirSync(cluster.dataDir).find((file) => file.endsWith('.heapsnapshot'));
          if (name === undefined) return null;
          try {
            const text = readFileSync(join(cluster.dataDir, name), 'utf8');
            return textsIn(JSON.parse(text) as HeapSnapshot);
          } catch {
            // Not written to its end yet.
            return null;
          }
        });
      }

      async function operationsOf(id: string): Promise<string[]> {
        const { attempts } = (await get(caller(), `/v1/payments/${id}`)).body as unknown as {
          attempts: { operations: { status: string }[] }[];
        };
        return attempts.flatMap(({ operations }) => operations.map(({ status }) => status));
      }
    }),
  ),
);
