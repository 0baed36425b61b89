import { isLoopback, passwordOf, urlOf, userOf } from './addresses.js';

/** Where mail is handed over. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise as soon as the server offers it. */
  readonly secure: boolean;
  /** Nothing is sent before the connection is private. */
  readonly requireTls: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
}

const SMTP_PORT = 587;
const SMTPS_PORT = 465;

/** The mail server that an address names; null for what names none. A password is never sent where others can read it. */
export function readMailServer(address: string): MailServer | null {
  const url = urlOf(address);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || !/^\/?$/.test(url.pathname))
    return null;
  const isTlsWanted = url.search === '?tls=required';
  if ((url.search !== '' && !isTlsWanted) || url.hash !== '') return null;
  const [user, password] = [userOf(address), passwordOf(address)];
  if (user === null || password === null || (user === '') !== (password === '')) return null;
  const secure = url.protocol === 'smtps:';
  const login = user === '' ? null : { user, password };
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? SMTPS_PORT : SMTP_PORT),
    secure,
    requireTls: !secure && (isTlsWanted || (login !== null && !isLoopback(address))),
    login,
  };
}
