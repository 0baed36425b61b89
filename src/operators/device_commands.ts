import { ArgumentError, idIn, modeIn, type Options } from '../commands/arguments.js';
import type { Command } from '../commands/commands.js';
import { rfc3339 } from '../contracts/clock.js';
import type { BoxesOf, DeviceKeys, ListedKey } from './device_keys.js';

/** The commands of `npm run operator` about boxes that sign for themselves. */

const MODE = { name: 'mode', help: 'test or live' } as const;
/** A day, or a moment with its zone. */
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

export const DEVICE_COMMANDS: Readonly<Record<string, Command<{ readonly deviceKeys: DeviceKeys }>>> = {
  devices: {
    usage: 'devices <id> --mode test|live',
    summary:
      'Lists the keys of the boxes that sign for themselves, the newest first: id, when issued, state, box, household.',
    options: [MODE, { name: 'after', help: 'goes on behind this key' }],
    async run(given, { deviceKeys }) {
      const { keys, next } = await deviceKeys.list(boxesIn(given), given.options.get('after')?.at(-1) ?? null);
      if (keys.length === 0) return 'No box has a key.';
      const more = next === null ? [] : ['', `There are more: --after ${next}`];
      return [...keys.map(lineOf), ...more].join('\n');
    },
  },
  'revoke-devices': {
    usage: 'revoke-devices <id> --mode test|live [--since 2030-01-31] [--key dvk_…]',
    summary: 'Revokes all keys of boxes, those that were issued since a day, or one. Works at once, on sessions too.',
    options: [
      MODE,
      { name: 'since', help: 'a day, or a moment such as 2030-01-31T09:30Z; a day begins in UTC' },
      { name: 'key', help: 'this key alone' },
    ],
    async run(given, { deviceKeys }) {
      const boxes = boxesIn(given);
      const key = given.options.get('key')?.at(-1);
      const since = given.options.get('since')?.at(-1);
      if (key !== undefined && since !== undefined) throw new ArgumentError('Give --since or --key, not both.');
      if (key === undefined) return `Revoked: ${await deviceKeys.revokeSince(boxes, sinceOf(since))}`;
      await deviceKeys.revoke(boxes, key);
      return `Revoked ${key}.`;
    },
  },
};

function boxesIn(given: Options): BoxesOf {
  return { operator: idIn(given, 'operator'), mode: modeIn(given) };
}

function sinceOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const at = DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new ArgumentError('--since is a day such as 2030-01-31, or a moment such as 2030-01-31T09:30Z.');
  return at;
}

function lineOf({ key: { id, createdAt, device, account }, state }: ListedKey): string {
  return `${id}  ${rfc3339(createdAt)}  ${state.padEnd(8)}  ${device}  ${account ?? '-'}`;
}
