import { timingSafeEqual } from 'node:crypto';
import { json, type Reply } from '../../acquirer/reply.js';
import type { Asked } from '../../serving.js';
import { NUMBER_SETTINGS } from '../numbers.js';
import { createCall, listCalls, updateCall } from './calls.js';
import { restError } from './errors.js';
import { answered, createMessage, listMessages, refusedAtOnce } from './messages.js';
import type { RestPorts } from './ports.js';
import { callResource, messageResource, numberResource, pageOf, pathOf } from './resources.js';

type Routes = (asked: Asked) => Reply;

const METHOD_NOT_ALLOWED = json(405, {
  code: 20004,
  message: 'Method not allowed',
  more_info: 'https://www.twilio.com/docs/errors/20004',
  status: 405,
});

/** Twilio's REST API, as far as calls, messages and numbers go. */
export function createRestRoutes(ports: RestPorts): Routes {
  const { accountSid, faults, clock } = ports;

  function route(asked: Asked): Reply {
    const [, resource = '', sid = '', ...rest] = partsOf(asked.path, accountSid);
    if (rest.length > 0) return restError(20404);
    if (resource === '') return json(200, { sid: accountSid, status: 'active', friendly_name: 'Guichet’s lab' });
    const one = sid === '' ? null : sid;
    if (resource === 'Messages') return messages(ports, asked, one);
    if (resource === 'Calls') return calls(ports, asked, one);
    return resource === 'IncomingPhoneNumbers' ? numbers(ports, asked, one) : restError(20404);
  }

  return (asked) => {
    if (!isKnown(ports, asked.authorization)) return restError(20003);
    if (partsOf(asked.path, accountSid).length === 0) return restError(20404);
    const fault = faults.take('rest', asked.path);
    return refusedAtOnce(fault) ?? answered(route(asked), fault, clock.now());
  };
}

/** Whether these are the account and its token. */
export function isKnown(
  { accountSid, authToken }: Pick<RestPorts, 'accountSid' | 'authToken'>,
  header: string | null,
): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`);
  const given = Buffer.from(header ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** `[account, resource, sid]` of a path; empty for one that is none of this account's. */
function partsOf(path: string, accountSid: string): string[] {
  const prefix = '/2010-04-01/Accounts/';
  if (!path.startsWith(prefix) || !path.endsWith('.json')) return [];
  const parts = path.slice(prefix.length, -'.json'.length).split('/');
  return parts[0] === accountSid ? parts : [];
}

function messages(ports: RestPorts, { method, query, body }: Asked, sid: string | null): Reply {
  if (sid === null)
    return method === 'POST' ? createMessage(ports, new URLSearchParams(body)) : listMessages(ports, query);
  const message = ports.messages.find(sid);
  if (message === null) return restError(20404);
  return method === 'GET' ? json(200, messageResource(ports.accountSid, message)) : METHOD_NOT_ALLOWED;
}

function calls(ports: RestPorts, { method, query, body }: Asked, sid: string | null): Reply {
  if (sid === null) return method === 'POST' ? createCall(ports, new URLSearchParams(body)) : listCalls(ports, query);
  const call = ports.calls.find(sid);
  if (call === null) return restError(20404);
  if (method === 'POST') return updateCall(ports, call, new URLSearchParams(body));
  return method === 'GET' ? json(200, callResource(ports.accountSid, call)) : METHOD_NOT_ALLOWED;
}

function numbers(ports: RestPorts, { method, query, body }: Asked, sid: string | null): Reply {
  const { accountSid } = ports;
  if (sid === null) {
    const wanted = query.get('PhoneNumber');
    const found = ports.numbers.list().filter(({ phoneNumber }) => wanted === null || phoneNumber.includes(wanted));
    const resources = found.map((number) => numberResource(accountSid, number));
    const path = pathOf(accountSid, 'IncomingPhoneNumbers.json');
    return method === 'GET' ? json(200, pageOf(path, 'incoming_phone_numbers', resources, query)) : METHOD_NOT_ALLOWED;
  }
  const number = ports.numbers.bySid(sid);
  if (number === null) return restError(20404);
  if (method === 'POST') {
    const form = new URLSearchParams(body);
    for (const name of NUMBER_SETTINGS) {
      const value = form.get(name);
      if (value !== null) number.settings[name] = value;
    }
  }
  return json(200, numberResource(accountSid, number));
}
