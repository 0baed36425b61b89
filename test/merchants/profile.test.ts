import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/contracts/errors.js';
import { contrastRatio } from '../../src/merchants/contrast.js';
import { isOnOrigin, normalOrigin } from '../../src/merchants/origins.js';
import { checkProfile, DEFAULT_PROFILE, type ProfileChange } from '../../src/merchants/profile.js';

const check = (change: ProfileChange, demo = false) =>
  checkProfile({ ...DEFAULT_PROFILE, displayName: 'Shop', returnOrigins: [], ...change }, demo);

function pointersOf(change: ProfileChange): string[] {
  try {
    check(change);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return (error.extras.errors ?? []).map(({ pointer }) => pointer);
  }
}

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
  ])('of %s and %s is %d', (one, other, ratio) => {
    expect(contrastRatio(one, other)).toBeCloseTo(ratio, 2);
    expect(contrastRatio(other, one)).toBeCloseTo(ratio, 2);
  });
});

describe('a profile', () => {
  it.each<[ProfileChange]>([
    [{ accentColour: '#767676' }],
    [{ smsName: 'Café Ünal & co' }],
    [{ statementDescriptor: 'SHOP 42 PARIS' }],
    [{ currencies: ['EUR', 'JPY', 'TND'] }],
    [{ smsConfirmLimit: { EUR: 5000 } }],
    [{ support: { email: 'help@shop.example', phone: '+33123456789', url: 'https://shop.example/help' } }],
    [{ logo: 'https://shop.example/logo.svg' }],
  ])('may be %j', (change) => {
    expect(check(change)).toMatchObject(change);
  });

  it.each<[string, ProfileChange]>([
    ['/display_name', { displayName: '' }],
    ['/display_name', { displayName: 'a\u0000b' }],
    ['/accent_colour', { accentColour: '#777777' }],
    ['/accent_colour', { accentColour: 'red' }],
    ['/sms_name', { smsName: 'Shop 24' }],
    ['/sms_name', { smsName: 'Shop of many words' }],
    ['/sms_name', { smsName: 'Łódź' }],
    ['/statement_descriptor', { statementDescriptor: '12345' }],
    ['/statement_descriptor', { statementDescriptor: "ZOE'S SHOP" }],
    ['/currencies', { currencies: ['EUR', 'EUR'] }],
    ['/currencies', { currencies: ['eur'] }],
    ['/currencies', { currencies: [] }],
    ['/logo', { logo: 'javascript:alert(1)' }],
    ['/telephone', { telephone: '0123456789' }],
    ['/support/phone', { support: { email: null, phone: '+33892123456', url: null } }],
    ['/support/phone', { support: { email: null, phone: '+881612345678', url: null } }],
    ['/sms_confirm_limit', { smsConfirmLimit: { EUR: 1.5 } }],
    ['/return_origins', { returnOrigins: ['http://shop.example'] }],
  ])('is refused at %s for %j', (pointer, change) => {
    expect(pointersOf(change)).toEqual([pointer]);
  });

  it('names everything that is wrong at once', () => {
    expect(pointersOf({ displayName: '', currencies: ['XXX'] })).toEqual(['/display_name', '/currencies']);
  });
});

describe('an origin', () => {
  it.each([
    ['https://shop.example', 'https://shop.example'],
    ['https://SHOP.example:443/', 'https://shop.example'],
    ['https://shop.example:8443', 'https://shop.example:8443'],
    ['myshop:', 'myshop:'],
    ['com.example.shop://', 'com.example.shop:'],
  ])('%s is kept as %s', (given, kept) => expect(normalOrigin(given, false)).toBe(kept));

  it.each([
    'http://shop.example',
    'http://localhost:3000',
    'https://shop.example/path',
    'https://shop.example?x',
    'https://user@shop.example',
    'javascript:',
    'data:',
    'intent:',
    'shop.example',
    '*',
    '',
    'https://',
    'https://a b',
  ])('%s is none', (given) => expect(normalOrigin(given, false)).toBeNull());

  it('may be on loopback for demo merchants', () => {
    expect(normalOrigin('http://localhost:3000', true)).toBe('http://localhost:3000');
    expect(normalOrigin('http://shop.example', true)).toBeNull();
  });
});

describe('an address on a registered origin', () => {
  const origins = ['https://shop.example', 'https://shop.example:8443', 'myshop:'];
  it.each([
    ['https://shop.example/back?x=1#y', true],
    ['https://SHOP.example./back', false],
    ['https://shop.example:8443/', true],
    ['https://shop.example:9443/', false],
    ['https://shop.example.evil.example/', false],
    ['https://evil.example/https://shop.example', false],
    ['https://shop.example@evil.example/', false],
    ['https://user@shop.example/', false],
    ['https://shop.example\\@evil.example/', false],
    ['https:evil.example', false],
    ['//shop.example/', false],
    ['/back', false],
    ['http://shop.example/', false],
    ['http://127.0.0.1/', false],
    ['java\nscript:alert(1)', false],
    ['javascript://shop.example/%0aalert(1)', false],
    ['data:text/html,x', false],
    ['myshop://paid', true],
    ['MYSHOP:paid', true],
    ['othershop://paid', false],
    ['https://sh\top.example/', false],
  ])('%s: %s', (address, isOn) => expect(isOnOrigin(address, origins, false)).toBe(isOn));

  it('is anywhere on this machine for demo merchants', () => {
    expect(isOnOrigin('http://127.0.0.1:4567/back', [], true)).toBe(true);
    expect(isOnOrigin('http://localhost:4567/back', [], true)).toBe(true);
    expect(isOnOrigin('http://localhost.evil.example/', [], true)).toBe(false);
    expect(isOnOrigin('http://127.0.0.1.evil.example/', [], true)).toBe(false);
  });
});
