/** `npm run merchant -- …`: makes and changes merchants in the store of the settings, while the server runs or not. */
import { inBackOffice, outcomeOf } from '../house/back_office.js';
import { runMerchantCommand } from './commands.js';
import { createMerchants } from './service.js';

const { said, complaint, exitCode } = await outcomeOf(() =>
  runMerchantCommand(process.argv.slice(2), (work) =>
    inBackOffice(({ store, ...office }) => work(createMerchants({ store: store.merchants, ...office }))),
  ),
);
if (said !== null) console.log(said);
if (complaint !== null) console.error(complaint);
process.exitCode = exitCode;
