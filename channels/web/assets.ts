import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';

/** Where files lie that a browser may keep for ever: each is named by its content. */
export const ASSETS = '/pay/assets/';

/** What is sent as it is. */
export interface Servable {
  readonly type: string;
  readonly body: Uint8Array;
  /** The same, pressed, for browsers that take it so; there is none where it would not be smaller. */
  readonly gzip?: Uint8Array;
}

/** A file of ours that pages load. */
export interface Asset extends Servable {
  readonly path: string;
  /** Subresource integrity, as `integrity` wants it. */
  readonly integrity: string;
}

export interface Assets {
  readonly style: Asset;
  readonly script: Asset;
  find(path: string): Asset | null;
}

/** The page's script in the order in which its parts build on each other. */
const SCRIPT_PARTS = ['page', 'typing', 'checks', 'card', 'time', 'aside', 'waiting', 'steps', 'begin'];

/** Reads the style and the script once. They are the only ones of the payment page, and both are ours. */
export function loadAssets(): Assets {
  const style = assetOf('page.css', 'text/css; charset=utf-8', read('page.css'));
  const parts = SCRIPT_PARTS.map((name) => withoutModules(read(`script/${name}.js`)));
  const script = assetOf('page.js', 'text/javascript; charset=utf-8', parts.join('\n'));
  const all = [style, script];
  return { style, script, find: (path) => all.find((asset) => asset.path === path) ?? null };
}

/** Sends it pressed where the browser takes that. */
export function sendBody(request: Request, response: Response, { body, gzip }: Servable): void {
  const accepted = request.headers['accept-encoding'] ?? '';
  const isPressed = gzip !== undefined && /\bgzip\b/.test(String(accepted));
  if (gzip !== undefined) response.setHeader('Vary', 'Accept-Encoding');
  if (isPressed) response.setHeader('Content-Encoding', 'gzip');
  response.end(isPressed ? gzip : body);
}

function read(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
}

/** The parts are modules, so that each says what it needs; a browser gets them as one, because one request is faster than eight. */
function withoutModules(source: string): string {
  return source.replace(/^import [^;]*;\n/gm, '').replace(/^export /gm, '');
}

function assetOf(name: string, type: string, text: string): Asset {
  const body = Buffer.from(text);
  const digest = createHash('sha384').update(body).digest();
  const [stem = '', extension = ''] = name.split('.');
  const path = `${ASSETS}${stem}.${digest.toString('hex').slice(0, 16)}.${extension}`;
  return { path, type, body, gzip: gzipSync(body), integrity: `sha384-${digest.toString('base64')}` };
}
