/**
 * How much of an address is one caller. In IPv6 a household gets a /56, and a site or a tunnel a /48 with 65,536 networks of
 * its own; providers get a /32, and in IPv4 a /16 seldom has more than one.
 */
const WIDTHS = {
  household: { hexDigits: 14, octets: 4 },
  site: { hexDigits: 12, octets: 4 },
  provider: { hexDigits: 8, octets: 2 },
} as const;

/** Who is counted as one: an IPv4 address, or what a household is given in IPv6; wider for those who can have many. */
export function networkOf(address: string, of: keyof typeof WIDTHS = 'household'): string {
  const { hexDigits, octets } = WIDTHS[of];
  const plain = address.toLowerCase().split('%')[0] ?? '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped !== undefined || !plain.includes(':')) return (mapped ?? plain).split('.').slice(0, octets).join('.');
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const whole = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after];
  const digits = whole.map((group) => group.padStart(4, '0')).join('');
  return `${digits.slice(0, hexDigits)}/${hexDigits * 4}`;
}
