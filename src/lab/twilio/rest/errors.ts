import { json, type Reply } from '../../acquirer/reply.js';

/** What Twilio says to a request that it does not take. */
const TEXTS: Readonly<Record<number, string>> = {
  20003: 'Authenticate',
  20404: 'The requested resource was not found',
  20429: 'Too Many Requests',
  20503: 'Service is unavailable. Please try again.',
  21201: "No 'To' number is specified",
  21205: 'Url is not a valid URL',
  21211: "Invalid 'To' Phone Number",
  21212: "Invalid 'From' Number",
  21213: "No 'From' number is specified",
  21408: 'Permission to send an SMS has not been enabled for the region indicated by the To number',
  21602: 'Message body is required.',
  21603: "A 'From' phone number is required.",
  21604: "A 'To' phone number is required.",
  21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number for this account.",
  21610: 'Attempt to send to unsubscribed recipient',
  21614: "'To' number is not a valid mobile number",
  21617: 'The concatenated message body exceeds the 1600 character limit',
  21220: 'Invalid call state',
  90007: 'ValidityPeriod is not in the acceptable range',
};

const STATUSES: Readonly<Record<number, number>> = { 20003: 401, 20404: 404, 20429: 429, 20503: 503 };

export function restError(code: number): Reply {
  const status = STATUSES[code] ?? 400;
  const message = TEXTS[code] ?? `Error ${code}`;
  return json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
}
