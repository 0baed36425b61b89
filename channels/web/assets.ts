import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A file of ours that pages load: named by its content, so that a browser may keep it for ever. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
  /** Subresource integrity, as `integrity` wants it. */
  readonly integrity: string;
}

export interface Assets {
  readonly style: Asset;
  readonly script: Asset;
  find(path: string): Asset | undefined;
}

/** Reads the style and the script once. They are the only ones of the payment page, and both are ours. */
export function loadAssets(): Assets {
  const style = load('page.css', 'text/css; charset=utf-8');
  const script = load('page.js', 'text/javascript; charset=utf-8');
  const all = [style, script];
  return { style, script, find: (path) => all.find((asset) => asset.path === path) };
}

function load(name: string, type: string): Asset {
  const body = readFileSync(new URL(`./assets/${name}`, import.meta.url));
  const digest = createHash('sha384').update(body).digest();
  const [stem = '', extension = ''] = name.split('.');
  const path = `/pay/assets/${stem}.${digest.toString('hex').slice(0, 16)}.${extension}`;
  return { path, type, body, integrity: `sha384-${digest.toString('base64')}` };
}
