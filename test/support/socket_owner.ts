/** Which of some processes hold the other ends of connections over loopback, as Linux knows it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';

/** For each socket the process among `pids` that has dialled it; null when none of them has. */
export function diallersOf(sockets: readonly Socket[], pids: readonly number[]): (number | null)[] {
  const inodes = inodesByPorts();
  const owners = new Map(pids.flatMap((pid) => linksOf(pid).map((link) => [link, pid] as const)));
  return sockets.map(({ remotePort = 0, localPort = 0 }) => {
    // The other end's own port is our remote one.
    const inode = inodes.get(`${remotePort} ${localPort}`);
    return inode === undefined ? null : (owners.get(`socket:[${inode}]`) ?? null);
  });
}

/** Every TCP socket of this machine, by its own port and the one it is connected to. */
function inodesByPorts(): Map<string, string> {
  const [, ...lines] = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [, local = '', other = '', , , , , , , inode = ''] = line.trim().split(/\s+/);
      return [`${portOf(local)} ${portOf(other)}`, inode];
    }),
  );
}

/** Of an address like 0100007F:1F90. */
function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}

/** What the open files of a process lead to. */
function linksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((name) => linkOf(`/proc/${pid}/fd/${name}`) ?? []);
  } catch {
    // It has ended.
    return [];
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
