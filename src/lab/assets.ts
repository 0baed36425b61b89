import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Router } from 'express';

/** A style, script or drawing of ours, named by its content so that a browser may keep it for ever. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Reads a file once; it is served below `folder`. */
export function loadAsset(file: URL, folder: string): Asset {
  const body = readFileSync(file);
  const [stem = '', extension = ''] = (file.pathname.split('/').at(-1) ?? '').split('.');
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return { path: `${folder}/${stem}.${digest}.${extension}`, type: TYPES[extension] ?? 'text/plain', body };
}

export function serveAssets(router: Router, assets: readonly Asset[]): void {
  for (const { path, type, body } of assets) {
    router.get(path, (_request, response) => {
      response.set({ 'content-type': type, 'cache-control': 'private, max-age=31536000, immutable' }).send(body);
    });
  }
}

/** What a page of the lab may load and where its forms may lead: ourselves, by whichever name of this machine. */
export function contentPolicy(publicUrl: string): string {
  const ours = "'self'";
  return [
    "default-src 'none'",
    `script-src ${ours}`,
    `style-src ${ours}`,
    `img-src ${ours} data:`,
    `connect-src ${ours}`,
    `frame-src ${ours}`,
    `form-action ${ours} ${publicUrl}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
