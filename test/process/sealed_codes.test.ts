/** Security codes on their way from a web process to workers that all die: nothing that is left opens one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { createBrowser, formOf } from '../channels/web/page_server.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { needs } from '../support/skip.js';
import { ledgerOf } from './audit.js';
import { callersOf } from './cluster_load.js';
import { type Caller, get, pause, post } from './requests.js';

/** A card whose codes have four digits, so that one is hardly found by chance. */
const CARD = { number: '3782 822463 10005', expiry: '12/34' };
const CODE = '7391';
const AGAIN = '2846';
const PATIENCE_MS = 15_000;
/** How every private X25519 key begins when it is exported: PKCS #8, and JWK. */
const PRIVATE_KEYS = [
  Buffer.from('302e020100300506032b656e04220420', 'hex'),
  Buffer.from('302e020100300506032b656e04220420', 'hex').toString('base64').slice(0, 20),
  '"crv":"X25519","d"',
];

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

/** By itself, and not as a part of some longer number or word. */
function standsIn(text: string): boolean {
  return new RegExp(`(?<![\\w.-])${CODE}(?![\\w.-])`).test(text);
}

needs('mongod')('a cluster', () =>
  needs('redis')('with a security code in flight', (redisServer) => {
    let cluster: Cluster;
    let database: Connection;
    beforeAll(async () => {
      prepare();
      // Appends each job to a file before it answers: what it was told is to be found there.
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

    const statusOf = async (id: string): Promise<unknown> => (await get(caller(), `/v1/payments/${id}`)).body['status'];

    /** Everything at rest: all documents, Redis' files, what was logged, and what the processes wrote by themselves. */
    async function everythingAtRest(): Promise<Buffer> {
      const collections = await database.listCollections();
      const documents = await Promise.all(collections.map(({ name }) => database.collection(name).find({}).toArray()));
      const bytes = documents.flat().map((document) => Buffer.from(mongoose.mongo.BSON.serialize(document)));
      const files = readdirSync(cluster.dataDir).filter((name) => !name.endsWith('.heapsnapshot'));
      const written = files.map((name) => readFileSync(join(cluster.dataDir, name)));
      const outputs = [...cluster.webs, ...cluster.workers].map((member) => Buffer.from(member.output()));
      return Buffer.concat([...bytes, ...written, cluster.redis.files(), ...outputs]);
    }

    it('reaches a worker, and is gone with the authorization', { timeout: 60_000 }, async () => {
      const { id, browser, path } = await openPage('SEALED-1');
      await browser.submit(await browser.ask(path), '/card', { ...CARD, security_code: CODE });
      await patiently('the outcome', async () => ((await statusOf(id)) === 'succeeded' ? true : null));
      const [authorization] = (await ledgerOf(cluster.sandbox)).filter(({ payment }) => payment === id);
      expect(authorization).toMatchObject({ type: 'authorize', captured: 1_000 });
      expect(standsIn((await everythingAtRest()).toString('latin1'))).toBe(false);
      expect(await sealedCodes()).toBe(0);
    });

    it('is lost with every worker, and the payer is asked for it again', { timeout: 90_000 }, async () => {
      const payers = await Promise.all(['A', 'B', 'C', 'D'].map((name) => openPage(`SEALED-2${name}`)));
      // Their keys are believed for some seconds more: codes are sealed to workers that will never open them.
      await Promise.all(cluster.workers.map((worker) => worker.end('SIGKILL')));
      const { id, browser, path } = await inFlight(payers);

      const left = await everythingAtRest();
      expect(standsIn(left.toString('latin1'))).toBe(false);
      for (const key of PRIVATE_KEYS) expect(left.includes(key)).toBe(false);
      const heap = await heapOf();
      expect(heap.length).toBeGreaterThan(1_000);
      expect(heap.filter(standsIn)).toEqual([]);
      for (const key of PRIVATE_KEYS) expect(heap.filter((text) => text.includes(String(key)))).toEqual([]);
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

    /**
     * A payment whose code has left the web process for the workers. On a busy machine the queue may be too slow for a
     * payer; then the web process has sent it itself.
     */
    async function inFlight<P extends Awaited<ReturnType<typeof openPage>>>(payers: readonly P[]): Promise<P> {
      for (const payer of payers) {
        const { id, browser, path } = payer;
        await browser.submit(await browser.ask(path), '/card', { ...CARD, security_code: CODE });
        await patiently('the intent', async () => ((await operationsOf(id)).length > 0 ? true : null));
        await pause(1_000);
        if ((await operationsOf(id))[0] !== 'waiting') continue;
        expect(await sealedCodes()).toBe(1);
        return payer;
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
);
