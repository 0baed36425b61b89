/** `npm run operator -- …`: makes and changes television operators in the store of the settings, while the server runs or not. */
import { inBackOffice, outcomeOf } from '../house/back_office.js';
import { newSecret } from '../notify/signature.js';
import { runOperatorCommand } from './commands.js';
import { createDeviceKeys } from './device_keys.js';
import { createOperators } from './service.js';

const { said, complaint, exitCode } = await outcomeOf(() =>
  runOperatorCommand(process.argv.slice(2), (work) =>
    inBackOffice(({ ids, ...office }) => {
      const ports = { ...office, ids, newSecret: () => newSecret(ids) };
      return work({ operators: createOperators(ports), deviceKeys: createDeviceKeys(ports) });
    }),
  ),
);
if (said !== null) console.log(said);
if (complaint !== null) console.error(complaint);
process.exitCode = exitCode;
