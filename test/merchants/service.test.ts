import { describe, expect, it, onTestFinished } from 'vitest';
import { createIds } from '../../src/ids.js';
import { runMerchantCommand } from '../../src/merchants/commands.js';
import { createMerchants } from '../../src/merchants/service.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { virtualClock } from '../clock.js';

const START = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;

function house(lab = false) {
  const clock = virtualClock(START);
  const store = openSqliteStore({ path: ':memory:' });
  onTestFinished(() => store.close());
  const vault = {
    seal: (_: string, plain: string) => `<${plain}>`,
    unseal: (_: string, sealed: string) => sealed.slice(1, -1),
  };
  const ports = { store: store.merchants, vault, clock, ids: createIds({ clock }) };
  return {
    clock,
    store,
    merchants: createMerchants({ ...ports, lab }),
    elsewhere: createMerchants({ ...ports, lab: false }),
  };
}

describe('merchants', () => {
  it('have a key of each mode, kept as a digest only', async () => {
    const { merchants, store } = house();
    const { merchant, keys, returnSecret } = await merchants.create({ displayName: 'Shop' });
    expect(keys.test).toMatch(/^sk_test_[\w-]{32}$/);
    expect(keys.live).toMatch(/^sk_live_[\w-]{32}$/);
    expect(JSON.stringify(await store.merchants.list())).not.toContain(keys.test.slice(8));
    expect(await merchants.authenticate(keys.test)).toMatchObject({ mode: 'test', merchant: { id: merchant.id } });
    expect(await merchants.authenticate(keys.live)).toMatchObject({ mode: 'live' });
    expect(await merchants.authenticate(keys.live.replace('live', 'test'))).toBeNull();
    expect(merchants.returnSecret(merchant)).toBe(returnSecret);
  });

  it('keep an old key for a day after a new one is drawn, in its mode alone', async () => {
    const { merchants, clock } = house();
    const { merchant, keys } = await merchants.create({ displayName: 'Shop' });
    const { key } = await merchants.rotateKey(merchant.id, 'test');
    expect(await merchants.authenticate(key)).not.toBeNull();
    clock.advance(DAY - 1);
    expect(await merchants.authenticate(keys.test)).not.toBeNull();
    clock.advance(1);
    expect(await merchants.authenticate(keys.test)).toBeNull();
    expect(await merchants.authenticate(keys.live)).not.toBeNull();
    expect(await merchants.authenticate(key)).not.toBeNull();
  });

  it('have a demo in the lab, made once, whose key opens nothing elsewhere', async () => {
    const { merchants, elsewhere } = house(true);
    const made = await Promise.all([merchants.seedDemo(), merchants.seedDemo(), merchants.seedDemo()]);
    expect(made.filter(({ made: isMade }) => isMade)).toHaveLength(1);
    expect(new Set(made.map(({ merchant }) => merchant.returnSecret)).size).toBe(1);
    expect(await merchants.list()).toHaveLength(1);
    expect(await merchants.authenticate('sk_test_demo')).toMatchObject({ merchant: { demo: true } });
    expect(await elsewhere.authenticate('sk_test_demo')).toBeNull();
    const { key } = await merchants.rotateKey('mer_demo', 'test');
    expect(await elsewhere.authenticate(key)).toBeNull();
  });

  it('have the demo of before given its new name and channels, unless somebody has changed a word of it', async () => {
    const { merchants } = house(true);
    const { merchant } = await merchants.seedDemo();
    const now = { displayName: 'La Petite Boutique', statementDescriptor: 'PETITE BOUTIQUE' };
    expect(merchant.profile).toMatchObject(now);
    expect(merchant.profile).toMatchObject({ channels: ['web', 'ivr', 'sms', 'tv'], smsConfirmLimit: { EUR: 15_000 } });
    const older = { channels: ['web'] as const, smsConfirmLimit: {} };
    const old = {
      displayName: 'Demo shop',
      smsName: 'Demo shop',
      spokenName: { fr: 'la boutique de démonstration', en: 'the demo shop' },
      statementDescriptor: 'DEMO SHOP',
      ...older,
    };
    const withoutTelevision = { channels: ['web', 'ivr', 'sms'] as const };
    for (const before of [withoutTelevision, older, old]) {
      await merchants.update(merchant.id, before);
      await Promise.all([merchants.seedDemo(), merchants.seedDemo()]);
      expect((await merchants.list())[0]?.profile).toEqual(merchant.profile);
    }
    await merchants.update(merchant.id, { ...old, accentColour: '#0a5c4f' });
    expect((await merchants.seedDemo()).merchant.profile).toMatchObject(old);
  });
});

describe('npm run merchant', () => {
  const run = (line: string[], merchants = house().merchants) => runMerchantCommand(line, (work) => work(merchants));

  it('explains every command without opening the store', async () => {
    const closed = (): Promise<string> => Promise.reject(new Error('opened'));
    expect(await runMerchantCommand([], closed)).toContain('rotate-key');
    for (const command of ['create', 'list', 'update', 'rotate-key', 'disable']) {
      expect(await runMerchantCommand([command, '--help'], closed)).toContain(`npm run merchant -- ${command}`);
    }
  });

  it('makes, changes, lists and disables', async () => {
    const { merchants } = house();
    const made = await run(
      ['create', '--name', 'Chez Zoë', '--email', 'z@zoe.example', '--return-origin', 'https://zoe.example'],
      merchants,
    );
    expect(made.match(/sk_(?:test|live)_[\w-]+/g)).toHaveLength(2);
    const id = /mer_\w+/.exec(made)?.[0] ?? '';
    const changed = await run(
      ['update', id, '--currencies', 'EUR,CHF', '--accent-colour=#0A5C4F', '--sms-confirm-limit', 'EUR=5000'],
      merchants,
    );
    expect(JSON.parse(changed)).toMatchObject({
      currencies: ['EUR', 'CHF'],
      accent_colour: '#0a5c4f',
      sms_confirm_limit: { EUR: 5000 },
      support: { email: 'z@zoe.example' },
      return_origins: ['https://zoe.example'],
    });
    expect(await run(['rotate-key', id, '--mode', 'live'], merchants)).toMatch(/sk_live_/);
    expect(await run(['disable', id], merchants)).toContain(id);
    expect(await run(['list'], merchants)).toMatch(new RegExp(`${id}  disabled  Chez Zoë`));
  });

  it.each([
    [['make'], 'no command'],
    [['create'], '--name'],
    [['create', '--nam', 'x'], '--nam'],
    [['create', '--name'], 'needs a value'],
    [['update', 'mer_x', '--accent-colour', '#ffff00'], 'no such merchant'],
    [['create', '--name', 'x', '--accent-colour', '#ffff00'], '4.5:1'],
    [['rotate-key', 'mer_x'], '--mode'],
    [['disable'], 'Name one merchant'],
  ])('says how to mend %j', async (line, words) => {
    await expect(run(line)).rejects.toThrow(words);
  });
});
