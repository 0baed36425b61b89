import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { supervise } from '../../src/lab/supervisor.js';
import { type VirtualClock, virtualClock } from '../clock.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };
let clock: VirtualClock;
let lives: EventEmitter[];
let signals: unknown[];

beforeEach(() => {
  clock = virtualClock(0);
  lives = [];
  signals = [];
});

const open = () =>
  supervise({
    clock,
    log,
    start() {
      const life = Object.assign(new EventEmitter(), { kill: (signal: NodeJS.Signals) => signals.push(signal) });
      lives.push(life);
      return life;
    },
  });
const die = (signal: NodeJS.Signals | null, code: number | null = null) => lives.at(-1)?.emit('exit', code, signal);

describe('the supervisor', () => {
  it('starts a killed server again at once', () => {
    open();
    clock.advance(6_000);
    die('SIGKILL');
    clock.runDue();
    expect(lives).toHaveLength(2);
  });

  it('waits longer and longer for one that dies young, and forgets it when one has grown up', () => {
    open();
    const pauses = [0, 1, 2].map(() => {
      die('SIGSEGV');
      const at = clock.now();
      const before = lives.length;
      while (lives.length === before) clock.advance(10);
      return clock.now() - at;
    });
    expect(pauses).toEqual([250, 500, 1_000]);
    clock.advance(6_000);
    die('SIGKILL');
    clock.runDue();
    expect(lives).toHaveLength(5);
  });

  it.each([0, 1, 3])('ends with the code %i of a server that ended by itself', async (code) => {
    const { ended } = open();
    die(null, code);
    expect(await ended).toBe(code);
    expect(lives).toHaveLength(1);
  });

  it('hands a signal on, and starts nothing after it', async () => {
    const { stop, ended } = open();
    stop('SIGTERM');
    expect(signals).toEqual(['SIGTERM']);
    die('SIGTERM');
    expect(await ended).toBe(143);
    expect(lives).toHaveLength(1);
  });

  it('can be stopped between two lives', async () => {
    const { stop, ended } = open();
    die('SIGKILL');
    stop('SIGINT');
    expect(await ended).toBe(0);
    clock.advance(60_000);
    expect(lives).toHaveLength(1);
  });
});
