/** `npm run twilio -- …`: sets the numbers of an account at the telephone provider, and says what is left to do by hand. */
import { ConfigProblem, readConfig } from '../config.js';
import { ArgumentError, runTwilioCommand } from './commands.js';
import { SetupProblem } from './setup.js';

try {
  console.log(await runTwilioCommand(process.argv.slice(2), readConfig));
} catch (error) {
  const isTold = error instanceof SetupProblem || error instanceof ArgumentError || error instanceof ConfigProblem;
  if (!isTold) throw error;
  console.error(error.message);
  if (error instanceof ArgumentError) console.error('--help says what there is.');
  process.exitCode = error instanceof ArgumentError ? 2 : 1;
}
