import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';

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

/** Names a file by its content, below `folder`, so that a browser may keep it for ever. */
export function assetOf(folder: string, name: string, type: string, text: string): Asset {
  const body = Buffer.from(text);
  const digest = createHash('sha384').update(body).digest();
  const [stem = '', extension = ''] = name.split('.');
  const path = `${folder}${stem}.${digest.toString('hex').slice(0, 16)}.${extension}`;
  return { path, type, body, gzip: gzipSync(body), integrity: `sha384-${digest.toString('base64')}` };
}

/** Sends what may be kept for ever, pressed where the browser takes that. */
export function sendAsset(request: Request, response: Response, { type, body, gzip }: Servable): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  // A drawing may carry scripts: opened by itself it may run none.
  response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  const accepted = request.headers['accept-encoding'] ?? '';
  const isPressed = gzip !== undefined && /\bgzip\b/.test(String(accepted));
  if (gzip !== undefined) response.setHeader('Vary', 'Accept-Encoding');
  if (isPressed) response.setHeader('Content-Encoding', 'gzip');
  response.end(isPressed ? gzip : body);
}
