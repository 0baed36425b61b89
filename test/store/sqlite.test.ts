import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { proveStore } from '../contract/store.js';

let folder: string;
let stores = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guichet-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

proveStore('SQLite, in a file', async () => openSqliteStore({ path: join(folder, `${++stores}.db`) }));
