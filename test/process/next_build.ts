/**
 * The release after this one, made of what is built here and a little more in it: fields that this release does not know,
 * jobs and words it has never heard of, and a flow that ships dark.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { card } from '../../flows/card.js';
import { DIST, ROOT } from '../../scripts/prepare.mjs';

export interface NextBuild {
  /** Where `dist/src/main.js` stands. */
  readonly root: string;
  /** The version of the card flow that it ships dark, and its name in FLOWS. */
  readonly version: number;
  readonly flow: string;
  remove(): void;
}

type Change = readonly [before: string | RegExp, after: string];

const VERSION = card.version + 1;
/** What the next release writes beside what this one does. */
export const RELEASE = 'next';

/** By file: each change has exactly one place, or the files have changed and this list must follow. */
const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  'flows/index.js': [
    [
      "import { card } from './card.js';",
      "import { card } from './card.js';\nimport { card as next } from './card_next.js';",
    ],
    ['darkFlows = []', 'darkFlows = [next]'],
  ],
  'src/engine/commands.js': [['revision: 0,', `revision: 0, release: '${RELEASE}', totals: { seen: 1 },`]],
  'src/engine/attempts.js': [["id: world.ids.next('att'),", `id: world.ids.next('att'), release: '${RELEASE}',`]],
  'src/engine/operations.js': [["id: world.ids.next('opn'),", `id: world.ids.next('opn'), release: '${RELEASE}',`]],
  'src/engine/draft.js': [["id: world.ids.next('evt'),", `id: world.ids.next('evt'), release: '${RELEASE}',`]],
  'src/store/mongo/workers.js': [['$set: { publicKey, endsAt }', `$set: { publicKey, endsAt, release: '${RELEASE}' }`]],
  'src/jobs/bullmq/index.js': [
    [
      'offer: (payment) => ',
      "offer: (payment) => producers.notification.add({ name: 'greet', id: payment }) && producers.authorization.add({ name: 'weigh', id: payment }) && ",
    ],
  ],
  'src/live/redis.js': [
    [
      'speaking.redis.publish(CHANNEL, payment)',
      "speaking.redis.publish(CHANNEL, 'weighed ' + payment), speaking.redis.publish(CHANNEL, JSON.stringify({ payment, by: 'a worker of the next release', weight: 1 })), speaking.redis.publish(CHANNEL, payment)",
    ],
  ],
};

/** The card flow with one more state: who is authenticated types the security code twice. */
const FLOW: readonly Change[] = [
  [/version: \d+,/, `version: ${VERSION},`],
  [
    "event.proof === 'authentication', target: 'authenticating'",
    "event.proof === 'authentication', target: 'doubting'",
  ],
  ['states: {', "states: { doubting: { on: { 'reply.security_code': 'authenticating', deadline: 'abandoned' } },"],
  [
    'waiting: {',
    `waiting: { doubting: {
      status: 'requires_action',
      prompt: () => ({ kind: 'card', ask: 'security_code', message: { key: 'card.security_code_again' } }),
      deadline: 'payment',
    },`,
  ],
];

export function nextBuild(): NextBuild {
  const root = mkdtempSync(join(tmpdir(), 'guichet-next-'));
  mkdirSync(join(root, 'dist'));
  for (const folder of ['src', 'flows', 'channels']) {
    cpSync(join(DIST, folder), join(root, 'dist', folder), { recursive: true });
  }
  for (const name of ['node_modules', 'docs']) symlinkSync(join(ROOT, name), join(root, name));
  for (const name of ['package.json', 'CHANGELOG.md']) cpSync(join(ROOT, name), join(root, name));
  const at = (file: string): string => join(root, 'dist', file);
  for (const [file, changes] of Object.entries(CHANGES)) writeFileSync(at(file), changed(file, changes));
  writeFileSync(at('flows/card_next.js'), changed('flows/card.js', FLOW));
  return {
    root,
    version: VERSION,
    flow: `${card.name}@${VERSION}`,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function changed(file: string, changes: readonly Change[]): string {
  return changes.reduce(
    (text, [before, after]) => {
      const parts = text.split(before);
      if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places like ${before}, not one`);
      return parts.join(after);
    },
    readFileSync(join(DIST, file), 'utf8'),
  );
}
