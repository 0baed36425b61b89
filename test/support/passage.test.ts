/** Cuts that let something through would prove nothing about a partition. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './guichet.js';
import { openPassage, type Passage } from './passage.js';
import { diallersOf } from './socket_owner.js';

const TRY_MS = 150;
const MEMBER = 7;
const isMember = (dialler: number | null): boolean => dialler === MEMBER;

let echo: Server;
let passage: Passage;
/** Ports of those who are said to be members. */
const members = new Set<number | undefined>();
const open = new Set<Socket>();

beforeEach(async () => {
  members.clear();
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  const to = await freePort();
  await new Promise<void>((resolve) => echo.listen(to, '127.0.0.1', resolve));
  passage = await openPassage(await freePort(), to, (sockets) =>
    sockets.map(({ remotePort }) => (members.has(remotePort) ? MEMBER : null)),
  );
});
afterEach(async () => {
  for (const socket of open) socket.destroy();
  await passage.close();
  await new Promise((resolve) => echo.close(resolve));
});

interface Line {
  /** What has come back so far. */
  heard(): string;
  say(word: string): void;
  isOpen(): boolean;
}

async function dial(as: number | null): Promise<Line> {
  const localPort = await freePort();
  if (as === MEMBER) members.add(localPort);
  const socket = connect({ port: passage.port, host: '127.0.0.1', localPort });
  open.add(socket);
  let heard = '';
  let isOpen = true;
  socket.on('data', (chunk) => {
    heard += chunk.toString();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isOpen = false;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  return { heard: () => heard, say: (word) => void socket.write(word), isOpen: () => isOpen };
}

const becomes = (read: () => unknown, value: unknown) => expect.poll(read, { timeout: 10_000 }).toBe(value);
const stays = async (read: () => unknown, value: unknown): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  expect(read()).toBe(value);
};

describe('a passage', () => {
  it('is silent for those it is cut for, new ones too, and brings everything afterwards', async () => {
    const [stranger, member] = [await dial(null), await dial(MEMBER)];
    member.say('a');
    await becomes(member.heard, 'a');
    passage.cut(isMember, 'silence');
    const late = await dial(MEMBER);
    for (const line of [stranger, member, late]) line.say('b');
    await becomes(stranger.heard, 'b');
    await stays(member.heard, 'a');
    await stays(late.heard, '');
    expect([member, late].map((line) => line.isOpen())).toEqual([true, true]);
    passage.heal();
    await becomes(member.heard, 'ab');
    await becomes(late.heard, 'b');
    member.say('c');
    await becomes(member.heard, 'abc');
  });

  it('ends the connections of those it is cut for, and takes them again afterwards', async () => {
    const [stranger, member] = [await dial(null), await dial(MEMBER)];
    passage.cut(isMember, 'reset');
    await becomes(member.isOpen, false);
    const late = await dial(MEMBER);
    await becomes(late.isOpen, false);
    stranger.say('b');
    await becomes(stranger.heard, 'b');
    passage.heal();
    const again = await dial(MEMBER);
    again.say('c');
    await becomes(again.heard, 'c');
  });
});

describe.runIf(process.platform === 'linux')('who has dialled', () => {
  it('is told from all others', async () => {
    const child: ChildProcess = spawn(process.execPath, [
      ...['-e', "require('node:net').connect(Number(process.argv[1]), '127.0.0.1').on('error', () => process.exit())"],
      String((echo.address() as { port: number }).port),
    ]);
    const pids = [process.pid, child.pid ?? 0];
    const first = await new Promise<Socket>((resolve) => echo.once('connection', resolve));
    const coming = new Promise<Socket>((resolve) => echo.once('connection', resolve));
    open.add(connect((echo.address() as { port: number }).port, '127.0.0.1'));
    const second = await coming;
    expect(diallersOf([first, second], pids)).toEqual([child.pid, process.pid]);
    expect(diallersOf([first, second], [process.pid])).toEqual([null, process.pid]);
    child.kill('SIGKILL');
  });
});
