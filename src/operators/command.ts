/** `npm run operator -- …`: makes and changes television operators in the store of the settings, while the server runs or not. */
import { inBackOffice, outcomeOf } from '../house/back_office.js';
import { newSecret } from '../notify/signature.js';
import { runOperatorCommand } from './commands.js';
import { createOperators } from './service.js';

const { said, complaint, exitCode } = await outcomeOf(() =>
  runOperatorCommand(process.argv.slice(2), (work) =>
    inBackOffice(({ ids, ...office }) => work(createOperators({ ...office, ids, newSecret: () => newSecret(ids) }))),
  ),
);
if (said !== null) console.log(said);
if (complaint !== null) console.error(complaint);
process.exitCode = exitCode;
