import type { Ids } from '../../../contracts/ids.js';
import type { Fault, Faults } from '../faults.js';
import { methodOf, type Numbers } from '../numbers.js';
import type { Callee } from '../options.js';
import { newSid } from '../sids.js';
import { type Address, type Call, type CallPlan, type CallPorts, createCall } from './call.js';

/** An outgoing call, as it is asked for. */
export type Placement = Omit<CallPlan, 'sid' | 'direction' | 'callee' | 'fault'>;

export interface Calls {
  /** A telephone calls a number of ours. */
  dial(from: string, to: string): Call;
  /** We call a telephone. */
  place(placement: Placement, fault: Fault | null): Call;
  find(sid: string): Call | null;
  /** The oldest call that was placed to this number and was not given away yet; waits for the next one otherwise. */
  nextTo(number: string): Promise<Call>;
  /** The newest first. */
  list(): readonly Call[];
  /** Who answers this telephone from now on. */
  answerAs(number: string, callee: Callee): void;
  /** Ends all calls and resolves when everybody was told. */
  close(): Promise<void>;
}

export interface CallsPorts extends CallPorts {
  readonly numbers: Numbers;
  readonly faults: Faults;
  readonly callee: Callee;
  readonly ids: Ids;
}

const CALLS_MAX = 2_000;
const TIMEOUT_S = 60;

export function createCalls(ports: CallsPorts): Calls {
  const { numbers, faults, ids } = ports;
  const calls = new Map<string, Call>();
  const callees = new Map<string, Callee>();
  const given = new WeakSet<Call>();
  let waiting: { readonly number: string; take(call: Call): void }[] = [];

  function begin(plan: CallPlan): Call {
    const call = createCall(ports, plan);
    calls.set(call.sid, call);
    const [oldest] = calls.keys();
    if (calls.size > CALLS_MAX && oldest !== undefined) calls.delete(oldest);
    const taker = plan.direction === 'inbound' ? undefined : waiting.find(({ number }) => number === call.to);
    if (taker !== undefined) {
      waiting = waiting.filter((other) => other !== taker);
      given.add(call);
      taker.take(call);
    }
    return call;
  }

  return {
    dial(from, to) {
      const settings = numbers.find(to)?.settings ?? {};
      const script = addressOf(settings, 'VoiceUrl', 'VoiceMethod');
      const statusCallback = addressOf(settings, 'StatusCallback', 'StatusCallbackMethod');
      return begin({
        ...{ sid: newSid(ids, 'CA'), direction: 'inbound', from, to, callee: 'human' },
        ...{ machineDetection: null, timeoutS: TIMEOUT_S },
        script: script === null ? null : { ...script, params: [] },
        fallback: addressOf(settings, 'VoiceFallbackUrl', 'VoiceFallbackMethod'),
        statusCallback: statusCallback === null ? null : { ...statusCallback, events: ['completed'] },
        fault: faults.take('call', to)?.fault ?? null,
      });
    },
    place(placement, fault) {
      const callee = fault?.fault === 'failed' ? 'nobody_there' : (callees.get(placement.to) ?? ports.callee);
      const sid = newSid(ids, 'CA');
      return begin({ ...placement, sid, direction: 'outbound-api', callee, fault: fault?.fault ?? null });
    },
    find: (sid) => calls.get(sid) ?? null,
    nextTo(number) {
      const isNew = (call: Call): boolean => call.direction !== 'inbound' && call.to === number && !given.has(call);
      const found = [...calls.values()].find(isNew);
      if (found === undefined) return new Promise((take) => waiting.push({ number, take }));
      given.add(found);
      return Promise.resolve(found);
    },
    list: () => [...calls.values()].reverse(),
    answerAs(number, callee) {
      callees.set(number, callee);
    },
    async close() {
      for (const call of calls.values()) call.hangUp();
      await Promise.all([...calls.values()].map(({ over }) => over));
    },
  };
}

/** An address of a number's settings with its method; null where none is set. */
export function addressOf(settings: Readonly<Record<string, string>>, url: string, method: string): Address | null {
  const address = settings[url] ?? '';
  return address === '' ? null : { url: address, method: methodOf(settings[method]) };
}
