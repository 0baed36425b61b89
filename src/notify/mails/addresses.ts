const ADDRESS_LENGTH_MAX = 254;
/** One address and nothing else: what could begin a second one, a name, a route, a header or an encoded word is not in it. */
const ADDRESS = /^[^\s\p{C}@<>()[\],;:"\\]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}.-]{0,250}[\p{L}\p{N}])?$/u;

/** Whether a mail server may be given this as the address of one recipient. */
export function isMailable(address: string): boolean {
  return address.length <= ADDRESS_LENGTH_MAX && ADDRESS.test(address) && !/\.\.|=\?/.test(address);
}

/** What stands behind the at sign. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
