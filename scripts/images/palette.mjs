/** A picture of few colours as a PNG that says so: a fourth of what a browser writes for all colours there are. */
import { crc32, deflateSync } from 'node:zlib';

const COLOURS_MAX = 32;
/** Closer than this, two colours are one: the square of their distance. */
const NEAR = 500;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** `page` decodes the picture. */
export async function withPalette(page, png) {
  const { width, height, pixels } = await page.evaluate(
    `(${DECODE})('data:image/png;base64,${png.toString('base64')}')`,
  );
  const { palette, indexes } = indexed(Buffer.from(pixels, 'base64'));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) indexes.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const parts = [
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...parts]);
}

/** The most frequent colours that differ, and for every pixel the nearest of them. */
function indexed(pixels) {
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = [];
  for (const [colour] of [...counts].sort(([, a], [, b]) => b - a)) {
    const rgb = [colour >> 16, (colour >> 8) & 255, colour & 255];
    if (palette.length < COLOURS_MAX && palette.every((known) => distance(known, rgb) > NEAR)) palette.push(rgb);
  }
  const nearest = new Map();
  for (const [colour] of counts) {
    const rgb = [colour >> 16, (colour >> 8) & 255, colour & 255];
    const distances = palette.map((known) => distance(known, rgb));
    nearest.set(colour, distances.indexOf(Math.min(...distances)));
  }
  const indexes = Buffer.alloc(pixels.length / 4);
  for (let at = 0; at < pixels.length; at += 4) indexes[at / 4] = nearest.get(pixels.readUIntBE(at, 3));
  return { palette, indexes };
}

const distance = (one, other) => one.reduce((sum, part, index) => sum + (part - other[index]) ** 2, 0);

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const DECODE = `async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return { width: image.width, height: image.height, pixels: btoa(text) };
}`;
