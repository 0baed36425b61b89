import { describe, expect, it } from 'vitest';
import { readPicture } from '../src/pictures.js';

const png = (width: number, height: number): Buffer => {
  const bytes = Buffer.alloc(40);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};
/** JFIF with a comment and a table before the frame. */
const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000fffe00046869ffdb000401ffffc2001108002800780301220002110103110 1ffd9'.replace(
    ' ',
    '',
  ),
  'hex',
);
const riff = (chunk: string, rest: string): Buffer =>
  Buffer.concat([
    Buffer.from('RIFF....WEBP'),
    Buffer.from(chunk),
    Buffer.alloc(4),
    Buffer.from(rest, 'hex'),
    Buffer.alloc(16),
  ]);
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>';

describe('a picture', () => {
  it.each([
    ['png', png(120, 40), 'image/png'],
    ['jpg', JPEG, 'image/jpeg'],
    ['webp', riff('VP8 ', '0000009d012a78002800'), 'image/webp'],
    ['webp', riff('VP8L', '2f77c00900'), 'image/webp'],
    ['webp', riff('VP8X', '00000000770000270000'), 'image/webp'],
  ])('%s is known by its first bytes, with its size', (ending, bytes, type) => {
    expect(readPicture(bytes, false)).toMatchObject({ type, width: 120, height: 40 });
    expect(readPicture(bytes, false)?.name).toMatch(new RegExp(`^[0-9a-f]{24}\\.${ending}$`));
  });

  it('is named by its content', () => {
    expect(readPicture(png(1, 1), false)?.name).toBe(readPicture(png(1, 1), false)?.name);
    expect(readPicture(png(1, 1), false)?.name).not.toBe(readPicture(png(1, 2), false)?.name);
  });

  it.each([SVG, `\ufeff<?xml version="1.0"?>\n<!-- a\nlogo -->\n<!DOCTYPE svg>\n${SVG}`])(
    'may be a drawing from whoever runs the house, and from nobody else: %s',
    (text) => {
      expect(readPicture(Buffer.from(text), true)).toMatchObject({ type: 'image/svg+xml', width: null, height: null });
      expect(readPicture(Buffer.from(text), false)).toBeNull();
    },
  );

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html><html><svg></svg></html>'],
    ['a script', 'alert(1)'],
    ['a GIF', 'GIF89a\x01\x00\x01\x00'],
    ['a PNG cut off', png(1, 1).subarray(0, 20)],
    ['a page behind the mark of a JPEG', Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.from('<html>')])],
    ['a JPEG without a frame', JPEG.subarray(0, 24)],
    ['a RIFF that is no picture', Buffer.from('RIFF....WAVEfmt                          ')],
    ['a PNG as large as a house', png(30_000, 30_000)],
    ['a PNG of no size', png(0, 10)],
  ])('is not %s', (_, content) => {
    expect(readPicture(Buffer.from(content), true)).toBeNull();
  });
});
