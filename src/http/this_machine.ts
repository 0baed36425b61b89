import type { IncomingMessage } from 'node:http';

/** What a proxy adds: whoever stands behind it is not the neighbour at our socket. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

const LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/;
const LOOPBACK_HOST = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a program of this machine calls, and means this machine. The socket alone does not say so: a proxy here hands
 * on strangers, and a page of a stranger's site whose name was pointed at loopback calls from the browser here, but
 * names its own host.
 */
export function isFromThisMachine({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  if (!LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '')) return false;
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false;
  return LOOPBACK_HOST.test(headers.host ?? '');
}
