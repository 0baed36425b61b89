/** `npm run merchant -- …`: makes and changes merchants in the store of the settings, while the server runs or not. */
import { systemClock } from '../clock.js';
import { ConfigProblem, readConfig } from '../config.js';
import { Problem } from '../contracts/errors.js';
import { openStore } from '../house/store.js';
import { createIds } from '../ids.js';
import { developmentKeys } from '../key_ring.js';
import { createLog } from '../log.js';
import { createVault } from '../vault/index.js';
import { ArgumentError } from './arguments.js';
import { runMerchantCommand } from './commands.js';
import { createMerchants, type MerchantService } from './service.js';

/** The service on that store, for as long as `work` takes. */
async function withMerchants(work: (merchants: MerchantService) => Promise<string>): Promise<string> {
  const config = readConfig();
  const clock = systemClock();
  const ids = createIds({ clock });
  const log = createLog({ level: 'error', format: 'text', clock, stream: process.stderr });
  const keys = config.vaultKeys ?? developmentKeys(config.keyFiles, ids).vault;
  const store = await openStore(config, { clock, log });
  try {
    const vault = createVault({ records: store.vault, keys, clock, ids, log });
    return await work(createMerchants({ store: store.merchants, vault, clock, ids, lab: config.lab }));
  } finally {
    await store.close();
  }
}

try {
  console.log(await runMerchantCommand(process.argv.slice(2), withMerchants));
} catch (error) {
  if (!(error instanceof Problem || error instanceof ArgumentError || error instanceof ConfigProblem)) throw error;
  console.error(error.message);
  if (error instanceof ArgumentError) console.error('--help says what there is.');
  process.exitCode = error instanceof ArgumentError ? 2 : 1;
}
