/** Which of some processes holds the other end of a connection over loopback, as Linux knows it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';

/** The process among `pids` that dialled `socket`; null when none of them did. */
export function dialledBy(socket: Socket, pids: readonly number[]): number | null {
  const inode = inodeOf(socket.remotePort, socket.localPort);
  return inode === null ? null : (pids.find((pid) => holds(pid, `socket:[${inode}]`)) ?? null);
}

/** The socket of who has dialled: its own port is our remote one. */
function inodeOf(own: number | undefined, remote: number | undefined): string | null {
  if (own === undefined || remote === undefined) return null;
  const [from, to] = [own, remote].map((port) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`) as [
    string,
    string,
  ];
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    const [, local = '', other = '', , , , , , , inode = ''] = line.trim().split(/\s+/);
    if (local.endsWith(from) && other.endsWith(to)) return inode;
  }
  return null;
}

function holds(pid: number, link: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((name) => linkOf(`/proc/${pid}/fd/${name}`) === link);
  } catch {
    // It has ended.
    return false;
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    // Closed since the folder was read.
    return null;
  }
}
