import { assign, setup } from 'xstate';
import type { FlowEvent, FlowInput } from '../src/contracts/flow.js';
import { defineFlow, effect } from './define.js';

interface Context {
  /** Vault token of the card in hand. */
  readonly card: string | null;
}

const keepCard = assign<Context, Extract<FlowEvent, { type: 'reply.card' }>, undefined, FlowEvent, never>({
  card: ({ event }) => event.card,
});

const machine = setup({
  types: { context: {} as Context, events: {} as FlowEvent, input: {} as FlowInput },
  actions: {
    authenticate: effect<{ card: string }>(),
    check_authentication: effect<Record<string, never>>(),
    authorize: effect<{ card: string }>(),
  },
}).createMachine({
  id: 'card',
  context: { card: null },
  initial: 'collectingCard',
  states: {
    collectingCard: {
      on: {
        'reply.card': [
          { guard: ({ event }) => event.proof === 'authentication', target: 'authenticating', actions: keepCard },
          { target: 'authorizing', actions: keepCard },
        ],
        deadline: 'abandoned',
      },
    },
    authenticating: {
      entry: { type: 'authenticate', params: ({ context }) => ({ card: context.card ?? '' }) },
      on: {
        'authentication.device_check': 'checkingDevice',
        'authentication.challenge': 'challenging',
        'authentication.passed': 'authorizing',
        'authentication.refused': 'declined',
        deadline: 'abandoned',
      },
    },
    checkingDevice: {
      on: {
        'reply.device_check': 'authenticating',
        // A browser that never answers is authenticated without its check, as EMV 3-D Secure wants it.
        deadline: 'authenticating',
      },
    },
    challenging: {
      on: {
        'reply.returned': 'checkingResult',
        'authentication.passed': 'authorizing',
        'authentication.refused': 'declined',
        deadline: 'abandoned',
      },
    },
    checkingResult: {
      entry: { type: 'check_authentication', params: {} },
      on: {
        'authentication.challenge': 'challenging',
        'authentication.passed': 'authorizing',
        'authentication.refused': 'declined',
        deadline: 'abandoned',
      },
    },
    authorizing: {
      entry: { type: 'authorize', params: ({ context }) => ({ card: context.card ?? '' }) },
      on: {
        approved: 'authorized',
        declined: 'declined',
        reversed: 'reversed',
        security_code_lost: 'collectingSecurityCode',
      },
    },
    collectingSecurityCode: {
      on: { 'reply.security_code': 'authorizing', deadline: 'abandoned' },
    },
    authorized: { type: 'final' },
    declined: { type: 'final' },
    reversed: { type: 'final' },
    abandoned: { type: 'final' },
  },
});

/** A card, paid by its holder: collect it, have the holder authenticated, authorize. */
export const card = defineFlow<Context, WaitingState>({
  name: 'card',
  version: 1,
  instrument: 'card',
  machine,
  waiting: {
    collectingCard: {
      status: 'requires_action',
      prompt: () => ({ kind: 'card', ask: 'all', message: { key: 'card.enter' } }),
      deadline: 'payment',
    },
    authenticating: {
      status: 'processing',
      prompt: () => ({ kind: 'wait', message: { key: 'card.authenticating' } }),
      deadline: 'authentication',
    },
    checkingDevice: {
      status: 'requires_action',
      prompt: () => ({ kind: 'follow', purpose: 'device_check', message: { key: 'card.device_check' } }),
      deadline: 'device_check',
    },
    challenging: {
      status: 'requires_action',
      prompt: () => ({ kind: 'follow', purpose: 'challenge', message: { key: 'card.challenge' } }),
      deadline: 'challenge',
    },
    checkingResult: {
      status: 'processing',
      prompt: () => ({ kind: 'wait', message: { key: 'card.authenticating' } }),
      deadline: 'authentication',
    },
    authorizing: {
      status: 'processing',
      prompt: () => ({ kind: 'wait', message: { key: 'card.authorizing' } }),
      deadline: null,
    },
    collectingSecurityCode: {
      status: 'requires_action',
      prompt: () => ({ kind: 'card', ask: 'security_code', message: { key: 'card.security_code_again' } }),
      deadline: 'challenge',
    },
  },
  endings: { authorized: 'authorized', declined: 'declined', reversed: 'reversed', abandoned: 'abandoned' },
});

/** The states that wait, read off the machine: one without a prompt does not compile. */
type WaitingState = Exclude<
  keyof (typeof machine)['config']['states'] & string,
  'authorized' | 'declined' | 'reversed' | 'abandoned'
>;
