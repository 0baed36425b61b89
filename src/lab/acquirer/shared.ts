import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpCaller, type HttpCaller } from '../../acquirers/http.js';
import { sameSecret, signatureOf } from '../../acquirers/sandbox/protocol.js';
import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { Log } from '../../contracts/log.js';
import { type Address, claimAddress, parseObject, readAddress, replaceAddress } from './address.js';
import { type Sandbox, type SandboxOptions, startSandbox } from './server.js';

export interface SharedSandbox {
  /** Where it is now: the same for as long as its port stays free for it. */
  url(): string;
  /** The bearer secret that all processes of the data folder share. */
  readonly credential: string;
  /** True while this process runs it. */
  isOwn(): boolean;
  close(): Promise<void>;
}

export interface SharedOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly publicUrl?: string;
  readonly notificationUrl?: string | null;
  readonly horizonMs?: number;
}

const POLL_MS = 250;
/** So many polls without a sign of life, and the port is given up: a stranger has it, or a frozen process. */
const SILENT_POLLS_MAX = 20;
const HEALTH_DEADLINE_MS = 1_000;

/**
 * One sandbox for all processes that share a data folder: who finds none starts it, another takes over when it dies.
 * The lock is the port itself, which only one process can listen on and which the kernel frees at any kind of death;
 * its number is kept in the folder. Should two ever run (a stranger took the port, a process was frozen), the ledger is
 * still one, every decision in it is a transaction, and who is not in the address file any more steps down.
 */
export async function sharedSandbox(options: SharedOptions): Promise<SharedSandbox> {
  const { clock, ids, log } = options;
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  const file = join(options.dataFolder, 'sandbox.json');
  const http = createHttpCaller({ clock });
  let current: Address = readAddress(file) ?? { port: 0, credential: ids.token(256) };
  let own: Sandbox | null = null;
  let silentPolls = 0;
  let isClosed = false;
  let cancelPoll = () => {};
  let looking: Promise<void> = Promise.resolve();

  const start = (port: number, credential: string) =>
    startSandbox({ ...sandboxOptions(options), dataFolder: options.dataFolder, port, credential });

  /** Starts a sandbox on any free port and writes its address down; null when somebody else did so first. */
  async function settleDown(keep: (file: string, address: Address, ids: Ids) => boolean): Promise<Sandbox | null> {
    const sandbox = own ?? (await start(0, current.credential));
    const address = { port: sandbox.port, credential: current.credential };
    if (keep(file, address, ids)) {
      current = address;
      return sandbox;
    }
    await sandbox.close();
    return null;
  }

  /** One look: true when there is a sandbox to speak to, ours or another's. */
  async function look(): Promise<boolean> {
    const address = readAddress(file);
    if (address === null) {
      own = await settleDown(claimAddress);
      return own !== null;
    }
    current = address;
    if (own?.port === address.port) return true;
    await own?.close();
    own = await startIfFree(() => start(address.port, address.credential));
    if (own !== null || (await isAlive(http, clock, ids, address))) {
      silentPolls = 0;
      return true;
    }
    silentPolls += 1;
    if (silentPolls < SILENT_POLLS_MAX) return false;
    log.warn('sandbox port is taken by somebody else, moving', { port: address.port });
    silentPolls = 0;
    own = await settleDown(replaceAddress);
    return own !== null;
  }

  /** Looks, then looks again a little later; `found` hears of every success. */
  function poll(found: () => void): void {
    looking = look()
      .catch((error: unknown) => {
        log.error('sandbox could not be started', { error });
        return false;
      })
      .then((isThere) => {
        if (isThere) found();
        if (!isClosed) cancelPoll = clock.at(clock.now() + POLL_MS, () => poll(found));
      });
  }
  await new Promise<void>((resolve) => poll(resolve));

  return {
    url: () => `http://127.0.0.1:${current.port}`,
    credential: current.credential,
    isOwn: () => own !== null,
    async close() {
      isClosed = true;
      cancelPoll();
      await looking;
      cancelPoll();
      http.close();
      await own?.close();
    },
  };
}

function sandboxOptions(options: SharedOptions): Omit<SandboxOptions, 'port' | 'credential' | 'path' | 'dataFolder'> {
  const { clock, ids, log, publicUrl, notificationUrl, horizonMs } = options;
  return {
    ...{ clock, ids, log },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(notificationUrl === undefined ? {} : { notificationUrl }),
    ...(horizonMs === undefined ? {} : { horizonMs }),
  };
}

/** Null when the port is taken. */
async function startIfFree(start: () => Promise<Sandbox>): Promise<Sandbox | null> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return null;
    throw error;
  }
}

/** Whether the one at this address knows the credential; the credential itself is not sent, it may be a stranger. */
async function isAlive(http: HttpCaller, clock: Clock, ids: Ids, address: Address): Promise<boolean> {
  const nonce = ids.token(128);
  const answer = await http.call({
    method: 'GET',
    url: `http://127.0.0.1:${address.port}/health?nonce=${nonce}`,
    headers: {},
    body: null,
    deadline: clock.now() + HEALTH_DEADLINE_MS,
    mayStillSend: () => true,
  });
  if (answer.got !== 'answer' || answer.status !== 200) return false;
  const proof = parseObject(answer.body)?.['proof'];
  return typeof proof === 'string' && sameSecret(proof, signatureOf(address.credential, 'health', nonce));
}
