import { json, type Reply } from '../../acquirer/reply.js';
import { methodOf } from '../numbers.js';
import type { Call, CallScript } from '../voice/call.js';
import type { Placement } from '../voice/calls.js';
import { restError } from './errors.js';
import { answered, isWithin, refusedAtOnce } from './messages.js';
import type { RestPorts } from './ports.js';
import { callResource, pageOf, pathOf, shownStatusOf } from './resources.js';

const TIMEOUT_S = 60;
const EVENTS = ['initiated', 'ringing', 'answered', 'completed'];

/** `POST …/Calls.json` */
export function createCall(ports: RestPorts, form: URLSearchParams): Reply {
  const { accountSid, calls, faults, clock } = ports;
  const to = form.get('To') ?? '';
  const fault = faults.take('call', to);
  const refusal = refusedAtOnce(fault);
  if (refusal !== null) return refusal;
  const placement = readPlacement(ports, form);
  if (typeof placement === 'number') return restError(placement);
  const call = calls.place(placement, fault);
  return answered(json(201, callResource(accountSid, call)), fault, clock.now());
}

/** What is asked for, or the number of what is wrong with it. */
function readPlacement({ numbers }: RestPorts, form: URLSearchParams): Placement | number {
  const [to, from] = [form.get('To') ?? '', form.get('From') ?? ''];
  if (to === '') return 21201;
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return 21211;
  if (from === '') return 21213;
  if (numbers.find(from) === null) return 21212;
  const script = scriptIn(form);
  if (script === null) return 21205;
  const [fallback, callback, detection] = [
    form.get('FallbackUrl'),
    form.get('StatusCallback'),
    form.get('MachineDetection'),
  ];
  return {
    ...{ from, to, script },
    fallback: fallback === null ? null : { url: fallback, method: methodOf(form.get('FallbackMethod') ?? undefined) },
    statusCallback:
      callback === null
        ? null
        : {
            url: callback,
            method: methodOf(form.get('StatusCallbackMethod') ?? undefined),
            events: eventsIn(form),
          },
    machineDetection: detection === 'Enable' || detection === 'DetectMessageEnd' ? detection : null,
    timeoutS: Math.min(600, Number(form.get('Timeout') ?? TIMEOUT_S) || TIMEOUT_S),
  };
}

/** Repeated, or several in one with spaces between; the end alone unless something is said. */
function eventsIn(form: URLSearchParams): string[] {
  const wanted = form.getAll('StatusCallbackEvent').flatMap((events) => events.split(' '));
  return wanted.length === 0 ? ['completed'] : wanted.filter((event) => EVENTS.includes(event));
}

function scriptIn(form: URLSearchParams): CallScript | null {
  const [url, twiml] = [form.get('Url'), form.get('Twiml')];
  if (twiml !== null) return { twiml };
  if (url === null || !URL.canParse(url)) return null;
  return { url, method: methodOf(form.get('Method') ?? undefined), params: [] };
}

/** `POST …/Calls/{Sid}.json`: ends it, calls it off, or takes it elsewhere. */
export function updateCall({ accountSid }: RestPorts, call: Call, form: URLSearchParams): Reply {
  const status = form.get('Status');
  if (status === 'completed' || status === 'canceled') {
    call.hangUp(status === 'canceled' || call.answeredAt() === null ? 'canceled' : undefined);
    return json(200, callResource(accountSid, call));
  }
  const script = scriptIn(form);
  if (script === null) return restError(21205);
  return call.redirect(script) ? json(200, callResource(accountSid, call)) : restError(21220);
}

/** `GET …/Calls.json`, by `To`, `From`, `Status`, `StartTime` and `EndTime`; the newest first. */
export function listCalls({ accountSid, calls }: RestPorts, query: URLSearchParams): Reply {
  const wanted = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
  const found = calls
    .list()
    .filter((call) => wanted('To', call.to) && wanted('From', call.from) && wanted('Status', shownStatusOf(call)))
    .filter((call) => isWithin('StartTime', call.dialledAt(), query) && isWithin('EndTime', call.endedAt(), query));
  const resources = found.map((call) => callResource(accountSid, call));
  return json(200, pageOf(pathOf(accountSid, 'Calls.json'), 'calls', resources, query));
}
