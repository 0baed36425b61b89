import { cut, json, late, type Reply } from '../../acquirer/reply.js';
import type { Fault } from '../faults.js';
import type { Message } from '../texts/messages.js';
import { restError } from './errors.js';
import type { RestPorts } from './ports.js';
import { messageResource, pageOf, pathOf } from './resources.js';

const BODY_MAX = 1_600;
const VALIDITY_S_MAX = 36_000;
const SLOW_MS = 5_000;

/** `POST …/Messages.json` */
export function createMessage(ports: RestPorts, form: URLSearchParams): Reply {
  const { accountSid, messages, clock } = ports;
  const to = form.get('To') ?? '';
  const fault = ports.faults.take('message', to);
  const refusal = refusedAtOnce(fault);
  if (refusal !== null) return refusal;
  const problem = problemOf(ports, form);
  if (problem !== null) return restError(problem);
  const message = messages.send(
    {
      from: form.get('From') ?? ports.numbers.list()[0]?.phoneNumber ?? '',
      to,
      body: form.get('Body') ?? '',
      messagingService: form.get('MessagingServiceSid'),
      statusCallback: form.get('StatusCallback'),
      direction: 'outbound-api',
    },
    fault,
  );
  return answered(json(201, messageResource(accountSid, message)), fault, clock.now());
}

/** What a fault answers before anything is done; null where it does not. */
export function refusedAtOnce(fault: Fault | null): Reply | null {
  if (fault?.fault === 'lost_request') return cut;
  if (fault?.fault === 'down') return restError(20503);
  if (fault?.fault === 'rate_limited') return restError(20429);
  return fault?.fault === 'refused' ? restError(fault.code ?? 21408) : null;
}

/** The answer, as the fault lets it arrive. */
export function answered(reply: Reply, fault: Fault | null, now: number): Reply {
  if (fault?.fault === 'lost_answer') return cut;
  return fault?.fault === 'slow' ? late(reply, now + (fault.ms ?? SLOW_MS)) : reply;
}

function problemOf({ numbers, inbound, kindOf }: RestPorts, form: URLSearchParams): number | null {
  const [to, from, body] = [form.get('To') ?? '', form.get('From') ?? '', form.get('Body') ?? ''];
  if (to === '') return 21604;
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return 21211;
  if (from === '' && !form.has('MessagingServiceSid')) return 21603;
  if (from !== '' && !numbers.isSender(from)) return 21606;
  if (body === '') return 21602;
  if (body.length > BODY_MAX) return 21617;
  const validity = form.get('ValidityPeriod');
  if (validity !== null && !(Number(validity) >= 1 && Number(validity) <= VALIDITY_S_MAX)) return 90007;
  if (kindOf(to) === 'landline') return 21614;
  return inbound.isOptedOut(from, to) ? 21610 : null;
}

/** `GET …/Messages.json`, by `To`, `From` and `DateSent`. */
export function listMessages({ accountSid, messages }: RestPorts, query: URLSearchParams): Reply {
  const found = messages.list().filter((message) => isWanted(message, query));
  const resources = found.map((message) => messageResource(accountSid, message));
  return json(200, pageOf(pathOf(accountSid, 'Messages.json'), 'messages', resources, query));
}

function isWanted(message: Message, query: URLSearchParams): boolean {
  const [to, from] = [query.get('To'), query.get('From')];
  if (to !== null && message.to !== to) return false;
  if (from !== null && message.from !== from) return false;
  return isWithin('DateSent', message.sentAt ?? message.createdAt, query);
}

/** Whether a time is as the filters on it want it; one that is not known yet fits none. */
export function isWithin(name: string, at: number | null, query: URLSearchParams): boolean {
  const [on, until, since] = [query.get(name), query.get(`${name}<`), query.get(`${name}>`)];
  if (on === null && until === null && since === null) return true;
  if (at === null) return false;
  if (on !== null && new Date(at).toISOString().slice(0, 10) !== on.slice(0, 10)) return false;
  if (until !== null && at > endOf(until)) return false;
  // Seconds are all that a filter can say.
  return since === null || at >= Date.parse(since);
}

/** A day, or a second, to its end. */
function endOf(time: string): number {
  return time.length === 10 ? Date.parse(`${time}T23:59:59.999Z`) : Date.parse(time) + 999;
}
