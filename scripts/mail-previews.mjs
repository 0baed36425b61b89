/**
 * `node scripts/mail-previews.mjs <folder>`: writes sample mails as HTML files, as their payers get them: paid, declined with
 * the link to go on, refunded, in both languages. Pictures of them are made by whoever photographs pages.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST, prepare } from './prepare.mjs';

const KINDS = ['paid', 'declined', 'refunded'];
const DESCRIPTIONS = { en: 'Two tickets for the evening, row seven', fr: 'Deux places pour ce soir, rang sept' };

/** Writes the mails into `folder` and answers their files: `[{ name: 'mail-paid-fr', path }]`. */
export async function mailPreviews(folder) {
  prepare();
  const samples = pathToFileURL(join(DIST, 'test/notify/mails/samples.js')).href;
  const { occasionFor, orderOf, writer } = await import(samples);
  mkdirSync(folder, { recursive: true });
  return KINDS.flatMap((kind) =>
    Object.entries(DESCRIPTIONS).map(([language, description]) => {
      const payer = { ...orderOf().payer, language };
      const { html } = writer.write(occasionFor(kind, { payment: { payer, description } }));
      const name = `mail-${kind}-${language}`;
      const path = join(resolve(folder), `${name}.html`);
      writeFileSync(path, html);
      return { name, path };
    }),
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { path } of await mailPreviews(process.argv[2] ?? '.cache/mails')) console.log(path);
}
