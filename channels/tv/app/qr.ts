import encodeQR from 'qr';

/** As wide as its place on the screen at most: what is scaled on a box is blurred. */
const WIDTH_MAX = 344;
/** The quiet zone that the standard asks for: around it the screen is dark. */
const BORDER = 4;

/** The text as a GIF, which the boxes of all years show. A camera across the room must read it: no more correction than is needed. */
export function qrPicture(text: string): Uint8Array {
  const options = { ecc: 'medium', border: BORDER } as const;
  const modules = encodeQR(text, 'raw', options).length;
  return encodeQR(text, 'gif', { ...options, scale: Math.max(1, Math.floor(WIDTH_MAX / modules)) });
}
