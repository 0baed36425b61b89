import type { IncomingMessage } from 'node:http';
import { Problem } from '../contracts/errors.js';
import { parseStrictJson } from './strict_json.js';

/** The largest body we take. */
export const BODY_BYTES_MAX = 65_536;

/** How much of a body that is too large is still read away, so that its sender hears why before the connection ends. */
const DISCARDED_BYTES_MAX = 1_048_576;

/**
 * Reads a request's body as JSON; undefined when there is none.
 * @throws Problem 415 `unsupported_media_type`, 413 `body_too_large`, 400 as `parseStrictJson`
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  return (await readJsonBytes(request))?.value;
}

/** The same with the bytes that say it; null when there is no body. @throws Problem as `readJson` */
export async function readJsonBytes(request: IncomingMessage): Promise<{ bytes: Buffer; value: unknown } | null> {
  if (!hasBody(request)) return null;
  const { headers } = request;
  if (!isJson(headers['content-type']) || headers['content-encoding'] !== undefined) {
    throw new Problem(415, 'unsupported_media_type', 'Send the body as application/json, not compressed.');
  }
  const bytes = await readBytes(request);
  return bytes.length === 0 ? null : { bytes, value: parseStrictJson(bytes) };
}

export function hasBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true;
  return headers['content-length'] !== undefined && headers['content-length'] !== '0';
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i.test(type);
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const tooLarge = (): void =>
      reject(new Problem(413, 'body_too_large', `The body may have at most ${BODY_BYTES_MAX} bytes.`));
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_BYTES_MAX) chunks.push(chunk);
      else if (length > DISCARDED_BYTES_MAX) tooLarge();
    });
    request.on('end', () => {
      if (length > BODY_BYTES_MAX) tooLarge();
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    const broken = (): void => reject(new Problem(400, 'body_incomplete', 'The connection ended before the body did.'));
    request.on('error', broken);
    request.on('aborted', broken);
  });
}
