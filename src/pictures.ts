import { createHash } from 'node:crypto';
import type { Picture } from './contracts/picture.js';

/** More would be no logo, and would take a phone's memory. */
const SIDE_MAX = 4_096;
const HASH_LENGTH = 24;

interface Recognised {
  readonly ending: 'png' | 'jpg' | 'webp' | 'svg';
  readonly type: string;
  readonly size: Size | null;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The picture that these bytes are, told by their beginning and never by what somebody says of them; null for anything else.
 * @param drawings whether SVG may be one: it is a document that could carry anything, so only from whoever runs the house
 */
export function readPicture(given: Uint8Array, drawings: boolean): Picture | null {
  const bytes = Buffer.from(given);
  const found = png(bytes) ?? webp(bytes) ?? jpeg(bytes) ?? (drawings ? svg(bytes) : null);
  if (found === null) return null;
  const { ending, type, size } = found;
  if (size !== null && ![size.width, size.height].every((side) => side >= 1 && side <= SIDE_MAX)) return null;
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, HASH_LENGTH);
  return { name: `${hash}.${ending}`, type, bytes, width: size?.width ?? null, height: size?.height ?? null };
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

/** PNG, section 11.2.2: the header comes first and has a fixed place. */
function png(bytes: Buffer): Recognised | null {
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(PNG) || ascii(bytes, 12, 16) !== 'IHDR') return null;
  return { ending: 'png', type: 'image/png', size: { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } };
}

/** RFC 9649: one of three kinds of first chunk says the size. */
function webp(bytes: Buffer): Recognised | null {
  if (bytes.length < 30 || ascii(bytes, 0, 4) !== 'RIFF' || ascii(bytes, 8, 12) !== 'WEBP') return null;
  const size = webpSize(bytes, ascii(bytes, 12, 16));
  return size === null ? null : { ending: 'webp', type: 'image/webp', size };
}

function webpSize(bytes: Buffer, chunk: string): Size | null {
  switch (chunk) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const packed = bytes.readUInt32LE(21);
      return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

/** ITU T.81, annex B: segments until the one that begins a frame, which says the size. */
function jpeg(bytes: Buffer): Recognised | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (!beginsFrame(bytes[at + 1] ?? 0)) continue;
    const size = { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    return { ending: 'jpg', type: 'image/jpeg', size };
  }
  return null;
}

/** SOF0 to SOF15 without the three markers between them that are something else. */
function beginsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** A drawing begins with its element, after what XML lets stand before it. */
function svg(bytes: Buffer): Recognised | null {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const root = text.replace(/^(?:\s+|<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE[^[>]*>)*/is, '');
  return /^<svg[\s>]/.test(root) ? { ending: 'svg', type: 'image/svg+xml', size: null } : null;
}

function ascii(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}
