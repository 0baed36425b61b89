import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { card } from '../../flows/card.js';
import type { FlowEvent, FlowSnapshot, FlowStep } from '../../src/contracts/flow.js';

/** The card flow, every edge once, and the snapshots of every released version: what was stored must go on. */

const INPUT = { money: { amount: 4250, currency: 'EUR' } };
const EVENTS: Record<FlowEvent['type'], FlowEvent> = {
  'reply.card': { type: 'reply.card', card: 'tok_1', proof: 'authentication' },
  'reply.security_code': { type: 'reply.security_code' },
  'reply.device_check': { type: 'reply.device_check' },
  'reply.returned': { type: 'reply.returned' },
  'authentication.device_check': { type: 'authentication.device_check' },
  'authentication.challenge': { type: 'authentication.challenge' },
  'authentication.passed': { type: 'authentication.passed' },
  'authentication.refused': { type: 'authentication.refused' },
  approved: { type: 'approved' },
  declined: { type: 'declined' },
  reversed: { type: 'reversed' },
  security_code_lost: { type: 'security_code_lost' },
  deadline: { type: 'deadline' },
};
const WITHOUT_PROOF: FlowEvent = { type: 'reply.card', card: 'tok_1', proof: 'telephone_order' };

/** One step into every state, by the shortest way. */
function reached(): Map<string, FlowStep> {
  const first = card.start(INPUT);
  const found = new Map([[first.snapshot.state, first]]);
  for (const [, step] of found) {
    for (const event of [...Object.values(EVENTS), WITHOUT_PROOF]) {
      const next = card.step(step.snapshot, event);
      if (next !== null && !found.has(next.snapshot.state)) found.set(next.snapshot.state, next);
    }
  }
  return found;
}

describe('card', () => {
  const states = reached();

  test.each(card.edges.map((edge) => [`${edge.from} on ${edge.on}`, edge] as const))(
    '%s',
    (_name, { from, on, to, guarded }) => {
      const snapshot = states.get(from)?.snapshot as FlowSnapshot;
      const stored = JSON.parse(JSON.stringify(snapshot)) as FlowSnapshot;
      const event = on === 'reply.card' && !guarded ? WITHOUT_PROOF : EVENTS[on];
      expect(card.step(stored, event)?.snapshot.state).toBe(to);
    },
  );

  test('every state is reached, and each that waits has a prompt and a bound', () => {
    const named = new Set(card.edges.flatMap(({ from, to }) => [from, to]));
    expect([...states.keys()].sort()).toEqual([...named].sort());
    for (const [state, { end, prompt, status, deadline }] of states) {
      if (end !== null) continue;
      expect(prompt, state).not.toBeNull();
      expect(status, state).not.toBeNull();
      if (state !== 'authorizing') expect(deadline, state).not.toBeNull();
    }
  });

  test('an authorization is never left but by its final answer', () => {
    const { snapshot } = states.get('authorizing') as FlowStep;
    const leaves = Object.values(EVENTS).filter((event) => card.step(snapshot, event) !== null);
    expect(leaves.map(({ type }) => type).sort()).toEqual(['approved', 'declined', 'reversed', 'security_code_lost']);
  });

  test('asks to authenticate and to authorize with the card in hand, and for nothing else', () => {
    const wanted = [...states.values()].flatMap(({ effects }) => effects);
    expect(wanted).toContainEqual({ type: 'authenticate', card: 'tok_1' });
    expect(wanted).toContainEqual({ type: 'authorize', card: 'tok_1' });
    expect(wanted).toContainEqual({ type: 'check_authentication' });
    expect(wanted).toHaveLength(3);
  });

  test.each([
    ['a state it does not have', { state: 'collectingPearls', context: { card: null } }],
    ['a context that is not its own', { state: 'collectingCard', context: { pearls: 1 } }],
  ])('refuses a snapshot with %s', (_name, snapshot) => {
    expect(() => card.step(snapshot, EVENTS.deadline)).toThrow(/not one of its snapshots/);
  });
});

describe('golden snapshots', () => {
  const file = fileURLToPath(new URL(`./golden/card.${card.version}.json`, import.meta.url));
  const current = [...reached().values()].filter(({ end }) => end === null).map(({ snapshot }) => snapshot);
  if (process.env['UPDATE_GOLDEN'] === 'yes') writeFileSync(file, `${JSON.stringify(current, null, 2)}\n`);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as FlowSnapshot[];

  test('there is one for every state that waits', () => {
    expect(golden.map(({ state }) => state).sort()).toEqual(current.map(({ state }) => state).sort());
  });

  test.each(golden.map((snapshot) => [snapshot.state, snapshot] as const))(
    '%s goes on to an end',
    (_state, snapshot) => {
      const isEnding = (from: FlowSnapshot, depth: number): boolean =>
        depth > 0 &&
        Object.values(EVENTS).some((event) => {
          const next = card.step(from, event);
          return next !== null && (next.end !== null || isEnding(next.snapshot, depth - 1));
        });
      expect(isEnding(snapshot, 4)).toBe(true);
    },
  );
});
