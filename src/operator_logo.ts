import { readFileSync, statSync } from 'node:fs';
import type { Picture } from './contracts/picture.js';
import { readPicture } from './pictures.js';

/** A logo must not weigh more than the page it stands on. */
const BYTES_MAX = 12_288;

/** What may be given, in words. */
export const LOGO_FILE = 'the path of a PNG, JPEG, WebP or SVG file of at most 12 kB';

/** The operator's logo from a file of this machine; null for what cannot be used. */
export function readLogo(path: string): Picture | null {
  try {
    const file = statSync(path);
    return file.isFile() && file.size <= BYTES_MAX ? readPicture(readFileSync(path), true) : null;
  } catch {
    // Missing, or not ours to read: all mended in the same way.
    return null;
  }
}
