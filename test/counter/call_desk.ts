import type { Caller } from '../../src/contracts/calls.js';
import type { Merchant } from '../../src/contracts/merchant.js';
import type { Payer } from '../../src/contracts/payer.js';
import type { CallPorts } from '../../src/counter/call_ports.js';
import { createCallDesk } from '../../src/counter/calls.js';
import { createKeyedCards } from '../../src/counter/keyed_cards.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { isTelephoneOrder } from '../../src/engine/proof.js';
import { readPaymentCode } from '../../src/payment_codes.js';
import { virtualClock } from '../clock.js';
import { START, sketch, type Wanted } from '../engine/sketch.js';
import { vaultWorld } from '../vault/world.js';

export const CALLER: Caller = { call: 'CA1', number: '+33612345678', language: 'en', serial: 4, isNew: true };
export const KEYED = {
  ...{ transaction: 'tx-1', call: 'CA1', payment: 'pay_1', prompt: 'begin.1', number: '4242424242424242' },
  ...{ expiryMonth: '12', expiryYear: '34', securityCode: '123' },
};

export function openDesk(
  wanted: Wanted = {},
  payer: Partial<Payer> | null = null,
  hooks: {
    checkPurchaseCode?: (payer: string) => Promise<{ answer: string }>;
    watch?: () => Promise<void>;
    merchants?: readonly Merchant[];
  } = {},
) {
  const clock = virtualClock(START);
  const sketched = sketch({ channels: ['web', 'ivr'], ...wanted });
  const { vault } = vaultWorld();
  const counted = new Map<string, number>();
  const used = new Set<string>();
  const texts: string[] = [];
  const called: (string | null)[] = [];
  const ports: CallPorts = {
    engine: {
      load: async (id) => (id === 'pay_1' ? sketched.payment : null),
      reply: async (_, reply) => ({ applied: sketched.tell({ type: 'reply', reply }), payment: sketched.payment }),
      watch: hooks.watch ?? (async () => undefined),
      called: async (_, reach) => void called.push(reach),
      texted: async (_, what) => sketched.tell({ type: 'texted', what }),
    },
    store: {
      guards: {
        async raise(key) {
          counted.set(key, (counted.get(key) ?? 0) + 1);
          return { count: counted.get(key) ?? 0, resetsAt: START + 5 * 3_600_000 };
        },
        read: async (key) => counted.get(key) ?? 0,
        lower: async (key) => void counted.set(key, (counted.get(key) ?? 0) - 1),
        clear: async () => undefined,
        useOnce: async (key) => !used.has(key) && used.add(key) !== undefined,
      },
      codes: { find: async () => 'pay_1' },
      merchants: { load: async () => hooks.merchants?.[0] ?? null, list: async () => [...(hooks.merchants ?? [])] },
    },
    vault,
    signing: {
      pseudonymOf: (text) => `<${text}>`,
      deviceHash: (call) => `device of ${call}`,
      keyedCardToken: (transaction) => `tok_${transaction.padEnd(22, '_')}`,
      keyedCardPass: (token, of) => `${token}|${of.payment}|${of.call}`,
      readKeyedCardPass(pass, of) {
        const [token = '', ...named] = pass.split('|');
        return named.join() === [of.payment, of.call].join() ? token : null;
      },
    },
    payers: {
      find: async () => payer as Payer | null,
      checkPurchaseCode: hooks.checkPurchaseCode ?? (async () => ({ answer: 'refused' })),
    },
    texts: {
      link: async (_, to) => texts.push(`link ${to}`) > 0,
      receipt: async (_, to) => texts.push(`receipt ${to}`) > 0,
    },
    cards: {
      checkCard: ({ number }) => ({
        card: { number, expiryMonth: 12, expiryYear: 2034, securityCode: '123', brand: 'visa' },
      }),
      checkSecurityCode: () => null,
    },
    openPromptOf,
    readPaymentCode,
    isTelephoneOrder,
    operator: 'Guichet',
    sharedNumber: '+33199887766',
    clock,
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  };
  return { desk: createCallDesk(ports), keyedCards: createKeyedCards(ports), sketched, texts, called, counted, clock };
}

export const nothing = (): void => undefined;
export const LIVE: Wanted = { mode: 'live', origin: 'web', terms: { telephoneOrders: 'begun_by_phone' } };
export const order = (phone: string | null, account: string | null = null): Wanted => ({
  payer: { account, email: null, phone, name: null, language: null },
});
