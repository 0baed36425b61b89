import { ADDRESS_NOT_ALLOWED } from './agents.js';

const WORDS: Readonly<Record<string, string>> = {
  [ADDRESS_NOT_ALLOWED]: 'address_not_allowed',
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ENOTFOUND: 'name_not_found',
  ENODATA: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ETIMEOUT: 'name_not_found',
  ESERVFAIL: 'name_not_found',
};

/** A stable word for what a socket says; never its text, which may hold addresses. */
export function wordOf(error: NodeJS.ErrnoException): string {
  const { code = '', message } = error;
  if (message.startsWith('DNS lookup ') && message.includes('is not allowed')) return 'address_not_allowed';
  if (code.startsWith('HPE_')) return 'answer_not_understood';
  if (/CERT|SSL|TLS|EPROTO/.test(code)) return 'tls_failed';
  return WORDS[code] ?? 'connection_lost';
}
