/**
 * `npm run docs:images [name …]`: starts Guichet on a free port with an empty data folder and photographs its real pages for
 * the guides and the README: all scenes of scenes.mjs, or those that are named. Needs Chromium.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { prepare, ROOT } from '../prepare.mjs';
import { withPalette } from './palette.mjs';
import { SCENES } from './scenes.mjs';

const CHROMIUM = process.env.CHROMIUM_PATH || '/usr/bin/chromium';
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const IMAGES = join(ROOT, 'docs/images');
const BYTES_MAX = 150_000;
const ALL_BYTES_MAX = 2_000_000;
const START_TRIES = 150;
const SCENE_MS_MAX = 30_000;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SCENES));
if (unknown.length > 0)
  throw new Error(`no scene is called ${unknown.join(', ')}; there are ${Object.keys(SCENES).join(', ')}`);

prepare();
const { chromium } = await import('playwright-core');
const dataDir = mkdtempSync(join(tmpdir(), 'guichet-images-'));
const port = await freePort();
const house = { origin: `http://127.0.0.1:${port}`, call, order, trouble };
// What `npm start` runs: the pictures are of what people see.
const [, ...start] = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts.start.split(' ');
const server = spawn(process.execPath, start, {
  cwd: ROOT,
  env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error' },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
let bytes = 0;
try {
  await ready();
  mkdirSync(IMAGES, { recursive: true });
  for (const [name, scene] of Object.entries(SCENES)) {
    if (wanted.length === 0 || wanted.includes(name)) bytes += await photograph(name, scene);
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  if (server.exitCode === null) await new Promise((resolve) => server.once('exit', resolve));
  rmSync(dataDir, { recursive: true, force: true });
}
if (bytes > ALL_BYTES_MAX) throw new Error(`${bytes} bytes of pictures, at most ${ALL_BYTES_MAX}`);

/** One scene on a device of its own; answers how many bytes its picture has. */
async function photograph(name, { device, language = 'en', scheme = 'light', fewColours = false, play }) {
  const context = await browser.newContext({
    ...device,
    locale: language,
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(SCENE_MS_MAX);
  try {
    const page = await context.newPage();
    // What a scene answers is what is to be seen of the page; without an answer it is what the device shows.
    const part = await play(page, house);
    const path = join(IMAGES, `${name}.png`);
    const png = await (part ?? page).screenshot({ animations: 'disabled', caret: 'hide' });
    writeFileSync(path, fewColours ? await withPalette(page, png) : png);
    const { size } = statSync(path);
    if (size > BYTES_MAX) throw new Error(`${name}.png has ${size} bytes, at most ${BYTES_MAX}`);
    console.log(`${name}.png ${Math.round(size / 1_000)} kB`);
    return size;
  } catch (error) {
    throw new Error(`the scene ${name} failed`, { cause: error });
  } finally {
    await context.close();
  }
}

/** A call of the merchant API with the demo key. */
async function call(method, path, body) {
  const answer = await fetch(`${house.origin}${path}`, {
    method,
    headers: { authorization: 'Bearer sk_test_demo', ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path} was refused: ${JSON.stringify(said)}`);
  return said;
}

/** A fresh payment of the demo merchant. References look as people expect them to, and are free again for each scene. */
async function order(wishes = {}) {
  order.count = (order.count ?? 1041) + 1;
  const usual = { amount: 4250, currency: 'EUR', reference: `ORDER-${order.count}`, payer: { language: 'en' } };
  return call('POST', '/v1/payments', { ...usual, ...wishes });
}

/** Has something go wrong at the sandbox, as the lab's buttons do. */
async function trouble(fault) {
  const sandbox = JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8'));
  const headers = { authorization: `Bearer ${sandbox.credential}` };
  await fetch(`http://127.0.0.1:${sandbox.port}/faults`, { method: 'POST', headers, body: JSON.stringify(fault) });
}

async function ready() {
  for (let attempt = 0; attempt < START_TRIES; attempt += 1) {
    const answer = await fetch(`${house.origin}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error('Guichet did not start');
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port: free } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return free;
}
