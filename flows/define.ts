import { type AnyMachineSnapshot, type AnyStateMachine, initialTransition, transition } from 'xstate';
import { Impossible } from '../src/contracts/errors.js';
import type {
  Deadline,
  Effect,
  Flow,
  FlowEdge,
  FlowEnd,
  FlowEvent,
  FlowInput,
  FlowSnapshot,
  FlowStep,
  Instrument,
} from '../src/contracts/flow.js';
import type { Prompt } from '../src/contracts/prompt.js';

/** What one waiting state says: its public status, what the payer is shown, and which deadline bounds it. */
export interface Waiting<Context> {
  readonly status: 'requires_action' | 'processing';
  readonly prompt: (context: Context) => Prompt;
  /** Null only where the operation ladder bounds the state. */
  readonly deadline: Deadline | null;
}

export interface FlowDefinition<Context, WaitingState extends string> {
  readonly name: string;
  readonly version: number;
  readonly instrument: Instrument;
  readonly machine: AnyStateMachine;
  readonly waiting: Readonly<Record<WaitingState, Waiting<Context>>>;
  readonly endings: Readonly<Record<string, FlowEnd>>;
}

/** A typed name for something the engine does: `transition` hands it back as data, nothing runs here. */
export function effect<Params extends Record<string, unknown>>(): (_: unknown, params: Params) => void {
  return () => undefined;
}

/** Makes a Flow of a machine and what its states say. Fails at once when a state says nothing. */
export function defineFlow<Context, WaitingState extends string>(
  definition: FlowDefinition<Context, WaitingState>,
): Flow {
  const { name, version, instrument, machine } = definition;
  const waiting: Readonly<Record<string, Waiting<Context>>> = definition.waiting;
  const states = Object.keys(machine.states);
  for (const state of states) {
    const known = machine.states[state]?.type === 'final' ? definition.endings[state] : waiting[state];
    if (known === undefined) throw new Impossible(`flow ${name}: the state ${state} says nothing`);
  }
  const contextKeys = Object.keys(initialTransition(machine, EMPTY_INPUT)[0].context as object)
    .sort()
    .join();
  // Restoring costs a third of a transition: a snapshot that is still in memory keeps its live form.
  const live = new WeakMap<FlowSnapshot, AnyMachineSnapshot>();

  function restore(stored: FlowSnapshot): AnyMachineSnapshot {
    const inMemory = live.get(stored);
    if (inMemory !== undefined) return inMemory;
    const fits = states.includes(stored.state) && Object.keys(stored.context).sort().join() === contextKeys;
    if (!fits) throw new Impossible(`flow ${name}.${version}: not one of its snapshots (state ${stored.state})`);
    return machine.resolveState({ value: stored.state, context: stored.context });
  }

  function stepOf(snapshot: AnyMachineSnapshot, actions: readonly { type: string; params?: unknown }[]): FlowStep {
    const state = String(snapshot.value);
    const stored: FlowSnapshot = { state, context: snapshot.context };
    live.set(stored, snapshot);
    const effects = actions
      .filter(({ type }) => !type.startsWith('xstate.'))
      .map(({ type, params }) => ({ type, ...(params as object | undefined) }) as Effect);
    const end = definition.endings[state] ?? null;
    const says = waiting[state];
    if (end !== null || says === undefined) {
      return { snapshot: stored, status: null, end, prompt: null, deadline: null, effects };
    }
    const { status, deadline } = says;
    return { snapshot: stored, status, end, prompt: says.prompt(snapshot.context as Context), deadline, effects };
  }

  return {
    name,
    version,
    instrument,
    edges: edgesOf(machine),
    start(input: FlowInput): FlowStep {
      const [snapshot, actions] = initialTransition(machine, input);
      return stepOf(snapshot, actions);
    },
    step(stored: FlowSnapshot, event: FlowEvent): FlowStep | null {
      const before = restore(stored);
      const [after, actions] = transition(machine, before, event);
      return after === before ? null : stepOf(after, actions);
    },
  };
}

function edgesOf(machine: AnyStateMachine): FlowEdge[] {
  return Object.entries(machine.states).flatMap(([from, state]) =>
    [...state.transitions.values()].flat().flatMap(({ eventType, target, guard }) =>
      (target ?? []).map(({ key }) => ({
        from,
        on: eventType as FlowEvent['type'],
        to: key,
        guarded: guard !== undefined,
      })),
    ),
  );
}

const EMPTY_INPUT: FlowInput = { money: { amount: 0, currency: 'EUR' } };
