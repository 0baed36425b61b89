import type { PhoneNumber } from '../numbers.js';
import { type Message, segmentCountOf } from '../texts/messages.js';
import type { Call } from '../voice/call.js';

/** Twilio's resources as JSON. Times are RFC 2822 in UTC. */

const VERSION = '2010-04-01';

export function rfc2822(at: number | null): string | null {
  return at === null ? null : new Date(at).toUTCString().replace('GMT', '+0000');
}

export function pathOf(accountSid: string, ...parts: readonly string[]): string {
  return ['', VERSION, 'Accounts', accountSid, ...parts].join('/');
}

export function messageResource(accountSid: string, message: Message): object {
  const { sid, body, direction, from, to, status, errorCode } = message;
  const uri = pathOf(accountSid, 'Messages', sid);
  return {
    ...{ body, direction, from, to, sid, status, account_sid: accountSid, api_version: VERSION },
    num_segments: String(segmentCountOf(message)),
    num_media: '0',
    date_created: rfc2822(message.createdAt),
    date_updated: rfc2822(message.updatedAt),
    date_sent: rfc2822(message.sentAt),
    messaging_service_sid: message.messagingService,
    error_code: errorCode,
    error_message: null,
    price: null,
    price_unit: 'USD',
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  };
}

/** A webhook may say `initiated`; the resource does not. */
export function shownStatusOf(call: Call): string {
  const status = call.status();
  return status === 'initiated' ? 'queued' : status;
}

export function callResource(accountSid: string, call: Call): object {
  const { sid, from, to, direction, createdAt } = call;
  const [answeredAt, endedAt] = [call.answeredAt(), call.endedAt()];
  const uri = pathOf(accountSid, 'Calls', sid);
  const duration = endedAt === null ? null : String(Math.ceil((endedAt - (answeredAt ?? endedAt)) / 1_000));
  return {
    ...{ sid, from, to, direction, account_sid: accountSid, api_version: VERSION, duration },
    status: shownStatusOf(call),
    from_formatted: from,
    to_formatted: to,
    date_created: rfc2822(createdAt),
    date_updated: rfc2822(endedAt ?? answeredAt ?? createdAt),
    start_time: rfc2822(call.dialledAt()),
    end_time: rfc2822(endedAt),
    answered_by: call.answeredBy(),
    ...{ annotation: null, caller_name: null, forwarded_from: null, group_sid: null, parent_call_sid: null },
    ...{ phone_number_sid: null, price: null, price_unit: 'USD', queue_time: '0', trunk_sid: null },
    uri: `${uri}.json`,
    subresource_uris: { payments: `${uri}/Payments.json`, recordings: `${uri}/Recordings.json` },
  };
}

export function numberResource(accountSid: string, number: PhoneNumber): object {
  const { sid, phoneNumber, settings, createdAt } = number;
  const setting = (name: string): string | null => settings[name] || null;
  const method = (name: string): string => settings[name] || 'POST';
  return {
    ...{ sid, account_sid: accountSid, phone_number: phoneNumber, friendly_name: settings['FriendlyName'] },
    ...{ voice_url: setting('VoiceUrl'), voice_method: method('VoiceMethod') },
    ...{ voice_fallback_url: setting('VoiceFallbackUrl'), voice_fallback_method: method('VoiceFallbackMethod') },
    ...{ status_callback: setting('StatusCallback'), status_callback_method: method('StatusCallbackMethod') },
    ...{ sms_url: setting('SmsUrl'), sms_method: method('SmsMethod') },
    ...{ sms_fallback_url: setting('SmsFallbackUrl'), sms_fallback_method: method('SmsFallbackMethod') },
    ...{ voice_application_sid: '', sms_application_sid: '', trunk_sid: null, identity_sid: null, address_sid: null },
    ...{ voice_caller_id_lookup: false, voice_receive_mode: 'voice', address_requirements: 'none', beta: false },
    ...{ emergency_status: 'Inactive', emergency_address_sid: null, emergency_address_status: 'unregistered' },
    ...{ bundle_sid: null, origin: 'twilio', status: 'in-use', type: 'mobile', api_version: VERSION },
    capabilities: { voice: true, sms: true, mms: false, fax: false },
    date_created: rfc2822(createdAt),
    date_updated: rfc2822(createdAt),
    uri: `${pathOf(accountSid, 'IncomingPhoneNumbers', sid)}.json`,
  };
}

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 1_000;

/** One page of a list, under its name. */
export function pageOf(path: string, name: string, resources: readonly object[], query: URLSearchParams): object {
  const size = Math.min(PAGE_SIZE_MAX, Math.max(1, Number(query.get('PageSize') ?? PAGE_SIZE) || PAGE_SIZE));
  const page = Math.max(0, Number(query.get('Page') ?? 0) || 0);
  const shown = resources.slice(page * size, (page + 1) * size);
  const uri = (number: number): string => {
    const wanted = new URLSearchParams(query);
    wanted.set('PageSize', String(size));
    wanted.set('Page', String(number));
    return `${path}?${wanted}`;
  };
  return {
    [name]: shown,
    ...{ page, page_size: size, start: page * size, end: page * size + Math.max(0, shown.length - 1), uri: uri(page) },
    first_page_uri: uri(0),
    next_page_uri: (page + 1) * size < resources.length ? uri(page + 1) : null,
    previous_page_uri: page === 0 ? null : uri(page - 1),
  };
}
