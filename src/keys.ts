/** `npm run keys`: prints fresh keys, ready to be put into the settings. */
import { systemClock } from './clock.js';
import { createIds } from './ids.js';
import { freshKey } from './key_ring.js';

const HELP = `npm run keys

Prints a fresh VAULT_KEYS and a fresh SIGNING_KEYS, each with one key, on two lines. Nothing is stored: whoever loses
the vault's keys loses the cards. Keep them apart from the database and from each other.

To change keys, put the fresh one first and leave the old ones behind it:

  VAULT_KEYS=<fresh>,<old>

The first key writes, all of them read. An old vault key can go once the records it wrapped have been moved, which the
running process does by itself; an old signing key, once the links it signed have expired. Purchase codes and
idempotency keys stay bound to the signing key of their day: without it the former are set again, the latter refused.`;

const [argument] = process.argv.slice(2);
if (argument === undefined) {
  const ids = createIds({ clock: systemClock() });
  console.log(`VAULT_KEYS=${freshKey('vault', ids)}`);
  console.log(`SIGNING_KEYS=${freshKey('signing', ids)}`);
} else if (argument === '--help' || argument === '-h') {
  console.log(HELP);
} else {
  console.error(`There is no ${argument}; --help says what there is.`);
  process.exitCode = 2;
}
