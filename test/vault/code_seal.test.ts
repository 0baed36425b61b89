import { describe, expect, it } from 'vitest';
import type { WorkerKey, WorkerKeys } from '../../src/contracts/store.js';
import { type CodeSeal, createCodeKeys, createCodeSealer } from '../../src/vault/code_keys.js';
import { newKeyPair, openCode, sealCode } from '../../src/vault/code_seal.js';
import { createVault } from '../../src/vault/index.js';
import { silentLog } from '../support/silent_log.js';
import { CARD, freshKey, vaultWorld } from './world.js';

/** Security codes sealed to running workers: each of them opens, nobody else does, and time takes the keys away. */

const TOKEN = 'tok_of_a_card';

describe('a sealed security code', () => {
  const [one, two, stranger] = ['one', 'two', 'stranger'].map(newKeyPair) as [
    ReturnType<typeof newKeyPair>,
    ReturnType<typeof newKeyPair>,
    ReturnType<typeof newKeyPair>,
  ];

  it.each(['123', '7391', '0007'])('%s is opened by each recipient', (code) => {
    const sealed = sealCode(TOKEN, code, [one, two]);
    expect(openCode(TOKEN, sealed, [one])).toBe(code);
    expect(openCode(TOKEN, sealed, [stranger, two])).toBe(code);
  });

  it('is opened by nobody else, also not under the name of a recipient', () => {
    const sealed = sealCode(TOKEN, '7391', [one, two]);
    expect(openCode(TOKEN, sealed, [stranger])).toBeNull();
    expect(openCode(TOKEN, sealed, [])).toBeNull();
    expect(() => openCode(TOKEN, sealed, [{ ...stranger, id: 'one' }])).toThrow();
  });

  it('belongs to its card', () => {
    expect(() => openCode('tok_of_another', sealCode(TOKEN, '7391', [one]), [one])).toThrow();
  });

  it('cannot be altered at any place', () => {
    const sealed = JSON.parse(sealCode(TOKEN, '7391', [one]).toString()) as { for: { id: string; box: string }[] };
    const box = Buffer.from(sealed.for[0]?.box ?? '', 'base64url');
    for (let at = 0; at < box.length; at += 1) {
      const bent = Buffer.from(box);
      bent[at] = (bent[at] ?? 0) ^ 1;
      const altered = { ...sealed, for: [{ id: 'one', box: bent.toString('base64url') }] };
      expect(() => openCode(TOKEN, Buffer.from(JSON.stringify(altered)), [one])).toThrow();
    }
  });

  it('never looks the same twice, nor says how long the code is', () => {
    const lengths = ['123', '7391'].map((code) => sealCode(TOKEN, code, [one]).length);
    expect(new Set(lengths).size).toBe(1);
    expect(sealCode(TOKEN, '123', [one])).not.toEqual(sealCode(TOKEN, '123', [one]));
    expect(sealCode(TOKEN, '7391', [one]).toString()).not.toContain('7391');
  });
});

/** Keys of workers as a store keeps them. */
function announcedKeys(): WorkerKeys {
  const announced = new Map<string, WorkerKey>();
  return {
    announce: async (key) => void announced.set(key.id, key),
    live: async (now) => [...announced.values()].filter(({ endsAt }) => endsAt > now),
    withdraw: async (id) => void announced.delete(id),
    sweep: async () => 0,
  };
}

const HOUR = 3_600_000;

describe('keys of workers', () => {
  function street() {
    const workers = announcedKeys();
    const time = { at: 1_000 };
    let drawn = 0;
    const ports = {
      workers,
      clock: { now: () => time.at },
      ids: { token: () => `worker-${drawn++}` },
      log: silentLog(),
    };
    return { time, workers, web: createCodeSealer(ports), worker: () => createCodeKeys(ports) };
  }

  it('are announced before anything is sealed to them, renewed in time, and believed for a while only', async () => {
    const { time, web, worker } = street();
    expect(await web.seal(TOKEN, '123')).toBeNull();
    const { duty, open } = worker();
    const next = (await duty.run()) ?? 0;
    const sealed = await web.seal(TOKEN, '123');
    expect(sealed && open(TOKEN, sealed)).toBe('123');
    expect(next).toBeGreaterThan(time.at);
    time.at = next;
    await duty.run();
    time.at += 14_000;
    expect(await web.seal(TOKEN, '123')).not.toBeNull();
    time.at += 2_000;
    expect(await web.seal(TOKEN, '123')).toBeNull();
  });

  it('open what any worker could, and what a web process has nothing for', async () => {
    const { web, worker } = street();
    const [first, second] = [worker(), worker()];
    await first.duty.run();
    await second.duty.run();
    const sealed = (await web.seal(TOKEN, '7391')) ?? Buffer.alloc(0);
    expect([first.open(TOKEN, sealed), second.open(TOKEN, sealed), web.open(TOKEN, sealed)]).toEqual([
      '7391',
      '7391',
      null,
    ]);
  });

  it('say of a code whether a worker lives that opens it', async () => {
    const { time, web, worker } = street();
    const [holder, late] = [worker(), worker()];
    await holder.duty.run();
    const sealed = (await web.seal(TOKEN, '7391')) ?? Buffer.alloc(0);
    await late.duty.run();
    expect(late.open(TOKEN, sealed)).toBeNull();
    expect(await late.hasLivingHolder(sealed)).toBe(true);
    expect(await web.hasLivingHolder(sealed)).toBe(true);
    expect(await holder.hasLivingHolder(sealed)).toBe(false);
    time.at += 16_000;
    await late.duty.run();
    expect(await late.hasLivingHolder(sealed)).toBe(false);
  });

  it('are replaced every hour; the old one opens for as long as a code lives, and is then forgotten', async () => {
    const { time, web, workers, worker } = street();
    const { duty, open } = worker();
    await duty.run();
    const before = (await web.seal(TOKEN, '123')) ?? Buffer.alloc(0);
    const [old] = await workers.live(time.at);
    time.at += HOUR;
    await duty.run();
    const living = await workers.live(time.at);
    expect(living).toHaveLength(1);
    expect(living[0]?.publicKey).not.toBe(old?.publicKey);
    expect(open(TOKEN, before)).toBe('123');
    time.at += 17 * 60_000;
    await duty.run();
    expect(open(TOKEN, before)).toBeNull();
  });

  it('are withdrawn by who leaves', async () => {
    const { web, worker } = street();
    const leaving = worker();
    await leaving.duty.run();
    await leaving.withdraw();
    expect(await web.seal(TOKEN, '123')).toBeNull();
  });

  it('make an altered seal a lost code, and say so', async () => {
    const { web, worker } = street();
    const { duty, open } = worker();
    await duty.run();
    const sealed = (await web.seal(TOKEN, '123')) ?? Buffer.alloc(0);
    expect(open('tok_of_another', sealed)).toBeNull();
    expect(open(TOKEN, Buffer.from('no seal'))).toBeNull();
  });
});

it('a vault says of a card whether another process that lives holds its code', async () => {
  const { records, clock, ids } = vaultWorld();
  const keys = [freshKey('v1')];
  const workers = announcedKeys();
  const ports = { workers, clock, ids, log: silentLog() };
  const holding = createCodeKeys(ports);
  await holding.duty.run();
  const vault = (codeSeal: CodeSeal) => createVault({ ...{ records, keys, clock, ids, codeSeal }, log: silentLog() });
  const web = vault(createCodeSealer(ports));
  const { token } = await web.keepCard(CARD);
  const late = createCodeKeys(ports);
  await late.duty.run();

  expect(await web.isHeldElsewhere(token)).toBe(false);
  web.dropSecurityCode(token);
  expect(await web.isHeldElsewhere(token)).toBe(true);
  expect(await vault(late).isHeldElsewhere(token)).toBe(true);
  expect(await vault(holding).isHeldElsewhere(token)).toBe(false);
  expect(await vault(late).isHeldElsewhere('tok_of_nobody')).toBe(false);
  clock.advance(16_000);
  expect(await vault(late).isHeldElsewhere(token)).toBe(false);
});
