import { readFileSync } from 'node:fs';
import { type Asset, assetOf } from '../../assets/index.js';

const FOLDER = '/tv/app/assets/';
/** The script in the order in which its parts build on each other. A box gets them as one: its connections are few and slow. */
const SCRIPT_PARTS = ['keys', 'wire', 'draw', 'begin'];

export interface AppFiles {
  readonly style: Asset;
  readonly script: Asset;
  find(path: string): Asset | null;
}

/** Reads the style and the script once. They are the only ones, and both are ours. */
export function loadApp(): AppFiles {
  const style = assetOf(FOLDER, 'tv.css', 'text/css; charset=utf-8', read('tv.css'));
  const parts = SCRIPT_PARTS.map((name) => read(`${name}.js`));
  // Each part is a function over the one name that they share.
  const script = assetOf(
    FOLDER,
    'tv.js',
    'text/javascript; charset=utf-8',
    ['window.guichet = {};', ...parts].join('\n'),
  );
  return { style, script, find: (path) => [style, script].find((asset) => asset.path === path) ?? null };
}

function read(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
}
