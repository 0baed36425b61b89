import { systemClock } from '../clock.js';
import { ArgumentError } from '../commands/arguments.js';
import { ConfigProblem, readConfig } from '../config.js';
import { Problem } from '../contracts/errors.js';
import { createIds } from '../ids.js';
import { developmentKeys } from '../key_ring.js';
import { createLog } from '../log.js';
import { createVault } from '../vault/index.js';
import { openStore } from './store.js';

export type BackOffice = Awaited<ReturnType<typeof openBackOffice>>;

/** The store of the settings and the vault over it, for commands that work beside the server, while it runs or not. */
async function openBackOffice() {
  const config = readConfig();
  const clock = systemClock();
  const ids = createIds({ clock });
  const log = createLog({ level: 'error', format: 'text', clock, stream: process.stderr });
  const keys = config.vaultKeys ?? developmentKeys(config.keyFiles, ids).vault;
  const store = await openStore(config, { clock, log });
  return { store, vault: createVault({ records: store.vault, keys, clock, ids, log }), clock, ids, lab: config.lab };
}

/** Opens it for as long as `work` takes. */
export async function inBackOffice<T>(work: (office: BackOffice) => Promise<T>): Promise<T> {
  const office = await openBackOffice();
  try {
    return await work(office);
  } finally {
    await office.store.close();
  }
}

/** What a command has to print, and how it ends. */
export interface CommandOutcome {
  readonly said: string | null;
  readonly complaint: string | null;
  readonly exitCode: 0 | 1 | 2;
}

/** Runs a command; what its caller can mend becomes a complaint in words. @throws whatever is a bug */
export async function outcomeOf(command: () => Promise<string>): Promise<CommandOutcome> {
  try {
    return { said: await command(), complaint: null, exitCode: 0 };
  } catch (error) {
    if (error instanceof ArgumentError) {
      return { said: null, complaint: `${error.message}\n--help says what there is.`, exitCode: 2 };
    }
    if (!(error instanceof Problem || error instanceof ConfigProblem)) throw error;
    return { said: null, complaint: error.message, exitCode: 1 };
  }
}
