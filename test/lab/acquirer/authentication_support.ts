import { createServer } from 'node:http';
import { createSandboxAuthenticator } from '../../../src/acquirers/sandbox/authenticator.js';
import type { CardData } from '../../../src/contracts/acquirer.js';
import type { AuthenticateCall, AuthenticationAnswer, Authenticator } from '../../../src/contracts/authentication.js';
import { portOf } from '../../contract/acquirer.js';
import { CREDENTIAL, cardOf, quietLog, type SandboxWorld, sandboxWorld } from './support.js';

/** Where the challenge sends the browser back; nobody listens there. */
export const SHOP = 'http://127.0.0.1:9';

/** A sandbox, its authenticator, and a server of ours that hears the results. */
export interface AuthenticationWorld {
  readonly world: SandboxWorld;
  readonly authenticator: Authenticator;
  /** Result messages as they came. */
  readonly results: unknown[];
  callFor(card: CardData, more?: Partial<AuthenticateCall>): AuthenticateCall;
  authenticate(number: string): Promise<AuthenticationAnswer>;
  /** Opens the challenge in a browser and decides. */
  decide(answer: AuthenticationAnswer, choice: Record<string, string>, session?: string): Promise<Page>;
  close(): Promise<void>;
}

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

let count = 0;

export async function authenticationWorld(): Promise<AuthenticationWorld> {
  const world = await sandboxWorld();
  const { clock, sandbox } = world;
  const authenticator = createSandboxAuthenticator({
    url: () => sandbox.url,
    credential: CREDENTIAL,
    clock,
    log: quietLog,
  });
  const results: unknown[] = [];
  const ours = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      results.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => ours.listen(0, '127.0.0.1', resolve));
  const resultUrl = `http://127.0.0.1:${portOf(ours.address())}/3ds/results`;

  function callFor(card: CardData, more: Partial<AuthenticateCall> = {}): AuthenticateCall {
    count += 1;
    const authentication = `ath_${count}`;
    return { ...CALL, authentication, card, resultUrl, deadline: clock.now() + 5_000, ...more };
  }

  return {
    ...{ world, authenticator, results, callFor },
    authenticate: (number) => authenticator.authenticate(callFor(cardOf(number))),
    async decide(answer, choice, session) {
      const { url, creq } = challengeOf(answer);
      const page = await post(url, { creq, ...(session === undefined ? {} : { threeDSSessionData: session }) });
      return post(`${sandbox.url}/acs/answer`, { ...fieldsOf(page.html), ...choice });
    },
    async close() {
      authenticator.close();
      await world.close();
      ours.closeAllConnections();
      await new Promise((resolve) => ours.close(resolve));
    },
  };
}

const CALL = {
  money: { amount: 4_250, currency: 'EUR' },
  merchant: { id: 'mer_1', name: 'Café <b>Élan</b> & "fils"' },
  browser: {
    acceptHeader: 'text/html',
    userAgent: 'a browser',
    ip: '192.0.2.1',
    language: 'en-GB',
    javascriptEnabled: true,
    colorDepth: 24,
    screenHeight: 800,
    screenWidth: 1_280,
    timezoneOffset: -60,
  },
  deviceCheck: null,
  returnUrl: `${SHOP}/return`,
};

export async function post(url: string, fields: Record<string, string>): Promise<Page> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

/** The hidden fields of the page's first form. */
export function fieldsOf(html: string): Record<string, string> {
  const form = html.split('</form>')[0] ?? '';
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
  return Object.fromEntries(fields.map(([, name, value]) => [name, value]));
}

export function challengeOf(answer: AuthenticationAnswer): { url: string; creq: string } {
  if (answer.answer !== 'challenge') throw new Error(`no challenge: ${JSON.stringify(answer)}`);
  return answer;
}
