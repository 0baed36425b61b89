import { readFileSync } from 'node:fs';
import { type Asset, assetOf } from '../assets/index.js';

/** Where files lie that a browser may keep for ever: each is named by its content. */
export const ASSETS = '/pay/assets/';

export interface Assets {
  readonly style: Asset;
  readonly script: Asset;
  find(path: string): Asset | null;
}

/** The page's script in the order in which its parts build on each other. */
const SCRIPT_PARTS = ['page', 'typing', 'checks', 'card', 'time', 'aside', 'waiting', 'steps', 'begin'];

/** Reads the style and the script once. They are the only ones of the payment page, and both are ours. */
export function loadAssets(): Assets {
  const style = assetOf(ASSETS, 'page.css', 'text/css; charset=utf-8', read('page.css'));
  const parts = SCRIPT_PARTS.map((name) => withoutModules(read(`script/${name}.js`)));
  const script = assetOf(ASSETS, 'page.js', 'text/javascript; charset=utf-8', parts.join('\n'));
  const all = [style, script];
  return { style, script, find: (path) => all.find((asset) => asset.path === path) ?? null };
}

function read(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
}

/** The parts are modules, so that each says what it needs; a browser gets them as one, because one request is faster than eight. */
function withoutModules(source: string): string {
  return source.replace(/^import [^;]*;\n/gm, '').replace(/^export /gm, '');
}
