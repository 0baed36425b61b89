/** `npm run build`: installs and compiles if needed; what a production image runs before it drops the development tools. */
import { prepare, Unprepared } from './prepare.mjs';

try {
  prepare();
} catch (error) {
  if (!(error instanceof Unprepared)) throw error;
  process.exitCode = 1;
}
