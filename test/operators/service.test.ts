/** Television operators, and the commands that make and change them. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../src/contracts/store.js';
import { createIds } from '../../src/ids.js';
import { runOperatorCommand } from '../../src/operators/commands.js';
import { DEMO_OPERATOR } from '../../src/operators/demo.js';
import { createDeviceKeys, type DeviceKeys } from '../../src/operators/device_keys.js';
import { createOperators, type OperatorService } from '../../src/operators/service.js';
import { type VirtualClock, virtualClock } from '../clock.js';
import { sampleMerchant } from '../contract/samples.js';
import { emptyStore } from '../support/empty_store.js';

const DAY_MS = 86_400_000;

let clock: VirtualClock;
let store: Store;
let operators: OperatorService;
let deviceKeys: DeviceKeys;

beforeEach(async () => {
  clock = virtualClock(Date.UTC(2030, 0, 1));
  store = await emptyStore();
  const opened = store;
  onTestFinished(() => opened.close());
  for (const id of ['mer_one', 'mer_two']) await store.merchants.commit(sampleMerchant({ id, keys: [] }));
  let drawn = 0;
  const newSecret = (): string => {
    drawn += 1;
    return `whsec_${drawn}`;
  };
  const vault = { seal: (purpose: string, plain: string) => `<${purpose}|${plain.length}>` };
  const ports = { store, vault, clock, ids: createIds({ clock }), newSecret };
  operators = createOperators(ports);
  deviceKeys = createDeviceKeys(ports);
});

describe('operators', () => {
  it('have a secret of each mode, which is kept sealed, and serve merchants that exist', async () => {
    const { operator, secrets } = await operators.create({
      name: 'Télé',
      merchants: ['mer_two', 'mer_one', 'mer_two'],
    });
    expect(operator).toMatchObject({ status: 'enabled', merchants: ['mer_two', 'mer_one'], demo: false });
    expect(operator.secrets.map(({ mode, endsAt }) => [mode, endsAt])).toEqual([
      ['test', null],
      ['live', null],
    ]);
    expect(secrets.test).not.toBe(secrets.live);
    expect(JSON.stringify(await store.operators.load(operator.id))).not.toContain('whsec_');
    expect(operator.secrets[0]?.sealed).toContain(operator.id);
    await expect(operators.create({ name: 'X', merchants: ['mer_none'] })).rejects.toMatchObject({
      status: 404,
      code: 'merchant_not_found',
    });
    for (const name of ['', '  ', 'a\nb', 'x'.repeat(61)]) {
      await expect(operators.create({ name, merchants: [] })).rejects.toMatchObject({ code: 'operator_invalid' });
    }
    expect(await operators.list()).toHaveLength(1);
  });

  it('change name and merchants, one without the other', async () => {
    const { operator } = await operators.create({ name: 'Télé', merchants: ['mer_one'] });
    expect(await operators.update(operator.id, { name: 'TV' })).toMatchObject({ name: 'TV', merchants: ['mer_one'] });
    const served = await operators.update(operator.id, { merchants: ['mer_two'] });
    expect(served).toMatchObject({ name: 'TV', merchants: ['mer_two'], revision: 3 });
    await expect(operators.update(operator.id, { merchants: ['mer_none'] })).rejects.toMatchObject({ status: 404 });
    await expect(operators.update('op_none', { name: 'X' })).rejects.toMatchObject({ code: 'operator_not_found' });
  });

  it('have two secrets of a mode for a day after a rotation, and never three', async () => {
    const { operator } = await operators.create({ name: 'Télé', merchants: ['mer_one'] });
    const endsOf = (mode: string, of: typeof operator) =>
      of.secrets.filter((secret) => secret.mode === mode).map(({ endsAt }) => endsAt);
    const { operator: rotated } = await operators.rotateSecret(operator.id, 'test');
    expect(endsOf('test', rotated)).toEqual([clock.now() + DAY_MS, null]);
    expect(endsOf('live', rotated)).toEqual([null]);
    await expect(operators.rotateSecret(operator.id, 'test')).rejects.toMatchObject({ code: 'too_many_secrets' });
    await operators.rotateSecret(operator.id, 'live');
    clock.advance(DAY_MS);
    const { operator: again } = await operators.rotateSecret(operator.id, 'test');
    expect(endsOf('test', again)).toEqual([clock.now() + DAY_MS, null]);
  });

  it('have a demo of the first start, made once whoever comes first', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => operators.seedDemo('mer_one')));
    expect(new Set(made.map(({ secrets }) => secrets[0]?.id)).size).toBe(1);
    expect(await operators.list()).toMatchObject([
      { ...DEMO_OPERATOR, demo: true, merchants: ['mer_one'], secrets: [{ mode: 'test' }] },
    ]);
  });
});

describe('npm run operator', () => {
  const run = (...line: string[]) => runOperatorCommand(line, (work) => work({ operators, deviceKeys }));

  it('explains every command without opening the store', async () => {
    const closed = (): Promise<string> => Promise.reject(new Error('opened'));
    expect(await runOperatorCommand([], closed)).toContain('rotate-secret');
    for (const command of [
      'create',
      'list',
      'update',
      'rotate-secret',
      'disable',
      'enable',
      'devices',
      'revoke-devices',
    ]) {
      expect(await runOperatorCommand([command, '--help'], closed)).toContain(`npm run operator -- ${command}`);
    }
  });

  it('makes, changes, lists and disables', async () => {
    expect(await run('list')).toContain('no operator yet');
    const made = await run('create', '--name', 'Télé', '--merchant', 'mer_one', '--merchant=mer_two');
    expect(made.match(/whsec_\w+/g)).toHaveLength(2);
    const id = /op_\w+/.exec(made)?.[0] ?? '';
    expect(await run('update', id, '--name', 'TV', '--merchant', 'mer_two')).toBe(`${id} is TV, and serves mer_two.`);
    expect(await run('rotate-secret', id, '--mode', 'live')).toMatch(/whsec_\w+/);
    expect(await run('disable', id)).toContain(id);
    expect(await run('list')).toBe(`${id}  disabled  TV  mer_two`);
    expect(await run('enable', id)).toContain(id);
    expect(await run('list')).toBe(`${id}  enabled   TV  mer_two`);
  });

  it('ends a leaked secret at once, as often as it leaks', async () => {
    const { operator } = await operators.create({ name: 'Télé', merchants: ['mer_one'] });
    await run('rotate-secret', operator.id, '--mode', 'test');
    for (const _time of [1, 2]) {
      const said = await run('rotate-secret', operator.id, '--now', '--mode', 'test');
      expect(said).toMatch(/whsec_\w+/);
      expect(said).not.toContain('24 hours');
      const { secrets = [] } = (await store.operators.load(operator.id)) ?? {};
      expect(secrets.map(({ mode, endsAt }) => [mode, endsAt])).toEqual([
        ['live', null],
        ['test', null],
      ]);
    }
  });

  it('lists the keys of boxes and revokes one, those since a day, or all', async () => {
    const { operator } = await operators.create({ name: 'Télé', merchants: ['mer_one'] });
    const of = { operator: operator.id, mode: 'test' } as const;
    const issue = async (device: string, account: string | null = null) =>
      (await deviceKeys.issue(of, { device, account })).key.id;
    const listed = () => run('devices', operator.id, '--mode', 'test');
    expect(await listed()).toBe('No box has a key.');
    const first = await issue('box-1');
    clock.advance(DAY_MS);
    const [second, third] = [await issue('box-1', 'home-1'), await issue('box-2')];
    expect(await listed()).toMatch(new RegExp(`${second} {2}2030-01-02T[^ ]+ {2}works {5}box-1 {2}home-1`));
    expect(await listed()).toMatch(new RegExp(`${first} .* replaced {2}box-1 {2}-$`));
    expect(await run('devices', operator.id, '--mode', 'live')).toBe('No box has a key.');
    const revoke = (...line: string[]) => run('revoke-devices', operator.id, '--mode', 'test', ...line);
    expect(await revoke('--key', third)).toContain(third);
    expect(await listed()).toMatch(new RegExp(`${third} .* revoked`));
    clock.advance(DAY_MS);
    const fourth = await issue('box-3');
    expect(await revoke('--since', '2030-01-03')).toBe('Revoked: 1');
    expect(await listed()).toMatch(new RegExp(`${fourth} .* revoked`));
    expect(await listed()).toMatch(new RegExp(`${second} .* works`));
    for (let box = 0; box < 150; box += 1) await issue(`more-${box}`);
    expect(await listed()).toMatch(/\nThere are more: --after dvk_\w+$/);
    expect(await revoke()).toBe('Revoked: 151');
    expect(await revoke()).toBe('Revoked: 0');
    expect(await listed()).not.toMatch(/works|replaced/);
    for (const line of [
      ['--since', 'yesterday'],
      ['--since', '2030-01-01', '--key', first],
    ]) {
      await expect(revoke(...line)).rejects.toThrow('--since');
    }
    await expect(revoke('--key', 'dvk_none')).rejects.toMatchObject({ code: 'device_key_not_found' });
  });

  it.each([
    ['--now takes no value', ['rotate-secret', 'op_1', '--mode', 'test', '--now=yes']],
    ['--mode test or --mode live', ['devices', 'op_1']],
    ['--name is needed', ['create', '--merchant', 'mer_one']],
    ['--merchant is needed', ['create', '--name', 'Télé']],
    ['no option --names', ['create', '--names', 'Télé']],
    ['Name one operator', ['disable']],
    ['Say what to change', ['update', 'op_1']],
    ['--mode test or --mode live', ['rotate-secret', 'op_1']],
    ['no command destroy', ['destroy']],
  ])('says what is wrong: %s', async (words, line) => {
    await expect(run(...line)).rejects.toThrow(words);
  });
});
