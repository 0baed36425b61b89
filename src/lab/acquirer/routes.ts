import { PATHS, sameSecret, signatureOf } from '../../acquirers/sandbox/protocol.js';
import type { Clock } from '../../contracts/clock.js';
import type { OperationType } from '../../contracts/payment.js';
import type { Asked } from '../serving.js';
import type { Challenge } from './challenge.js';
import type { Directory } from './directory.js';
import { viewOf } from './entry.js';
import type { Exchanges } from './exchanges.js';
import { type Faults, readFault } from './faults.js';
import type { Ledger } from './ledger.js';
import type { Operations } from './operations.js';
import { json, type Reply } from './reply.js';
import { readAuthorization, readFollowUp } from './requests.js';

export interface RoutesPorts {
  readonly operations: Operations;
  readonly directory: Directory;
  readonly challenge: Challenge;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly exchanges: Exchanges;
  readonly clock: Clock;
  readonly credential: string;
}

type Routes = (asked: Asked) => Promise<Reply>;

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;
const NONCE_MAX = 64;
const NOT_FOUND = json(404, { error: 'no_such_path' });
const INVALID = json(400, { error: 'invalid_request' });

const TYPE_BY_PATH: ReadonlyMap<string, OperationType> = new Map(
  Object.entries(PATHS).map(([type, path]) => [path, type as OperationType]),
);

/** Leads a request to its part of the sandbox. Everything but the health check and the holder's pages needs the credential. */
export function createRoutes(ports: RoutesPorts): Routes {
  const bearer = `Bearer ${ports.credential}`;

  return async (asked) => {
    if (asked.path === '/health') return health(ports, asked);
    if (asked.path.startsWith('/acs/')) return page(ports, asked);
    if (asked.authorization === null || !sameSecret(asked.authorization, bearer)) {
      return json(401, { error: 'unauthorized' });
    }
    const body = asked.method === 'POST' ? parse(asked.body) : null;
    const reply = asked.method === 'POST' ? await post(ports, asked.path, body) : get(ports, asked);
    if (isWorthShowing(asked.path)) keep(ports, asked, body, reply);
    return reply;
  };
}

/** Alive; and to whoever sends a `nonce`, a proof that this one knows the credential. */
function health({ credential }: RoutesPorts, { query }: Asked): Reply {
  const nonce = query.get('nonce');
  if (nonce === null || nonce.length > NONCE_MAX) return json(200, { status: 'alive' });
  return json(200, { status: 'alive', proof: signatureOf(credential, 'health', nonce) });
}

async function page({ challenge }: RoutesPorts, asked: Asked): Promise<Reply> {
  if (asked.method !== 'POST') return json(405, { error: 'method_not_allowed' });
  const form = new URLSearchParams(asked.body);
  if (asked.path === '/acs/challenge') return challenge.open(form, asked.acceptLanguage);
  if (asked.path === '/acs/answer') return challenge.answer(form, asked.acceptLanguage);
  if (asked.path === '/acs/method') return challenge.method(form, asked.acceptLanguage);
  return NOT_FOUND;
}

async function post(ports: RoutesPorts, path: string, body: unknown): Promise<Reply> {
  const type = TYPE_BY_PATH.get(path);
  if (type === 'authorize') {
    const request = readAuthorization(body);
    return request === null ? INVALID : ports.operations.authorize(request);
  }
  if (type !== undefined) {
    const request = readFollowUp(body);
    // Of what follows only a reversal may be of 0: it undoes a verification.
    const isRight = request !== null && (request.amount > 0 || type === 'reverse');
    return isRight ? ports.operations.follow(type, request) : INVALID;
  }
  if (path === '/3ds/versions') return ports.directory.versions(body);
  if (path === '/3ds/authentications') return ports.directory.authenticate(body);
  return path === '/faults' ? program(ports, body) : NOT_FOUND;
}

function program({ faults }: RoutesPorts, body: unknown): Reply {
  const fault = readFault(body);
  if (fault === null) return INVALID;
  return faults.program(fault) ? json(201, fault) : json(429, { error: 'too_many_faults' });
}

function get(ports: RoutesPorts, { method, path, query }: Asked): Reply {
  if (method === 'DELETE' && path === '/faults') {
    ports.faults.clear();
    return json(200, { faults: [] });
  }
  if (method !== 'GET') return json(405, { error: 'method_not_allowed' });
  const [, folder, id, ...rest] = path.split('/');
  if (folder === 'operations' && id && rest.length === 0) return ports.operations.inquire(decoded(id));
  if (path.startsWith('/3ds/results/')) return ports.directory.result(path.slice('/3ds/results/'.length));
  if (path === '/faults') return json(200, { faults: ports.faults.list() });
  if (path === '/exchanges') return json(200, { exchanges: ports.exchanges.list() });
  return path === '/ledger' ? ledgerPage(ports, query) : NOT_FOUND;
}

/** `payment`, `after` (a position), `limit`; `next` is the value for `after`, null at the end. */
function ledgerPage({ ledger, clock }: RoutesPorts, query: URLSearchParams): Reply {
  const after = Number(query.get('after') ?? 0);
  const limit = Number(query.get('limit') ?? PAGE_DEFAULT);
  if (!Number.isSafeInteger(after) || !Number.isSafeInteger(limit) || limit < 1 || limit > PAGE_MAX) return INVALID;
  const entries = ledger.list(query.get('payment'), after, limit + 1);
  const shown = entries.slice(0, limit);
  const now = clock.now();
  return json(200, {
    operations: shown.map((entry) => viewOf(entry, now)),
    next: entries.length > limit ? (shown.at(-1)?.position ?? null) : null,
  });
}

/** The lab shows what was said on payments, not its own looking. */
function isWorthShowing(path: string): boolean {
  return path !== '/ledger' && path !== '/exchanges' && path !== '/faults';
}

function keep({ exchanges, clock }: RoutesPorts, asked: Asked, request: unknown, reply: Reply): void {
  const status = reply.kind === 'json' || reply.kind === 'page' ? reply.status : null;
  const answer = reply.kind === 'json' ? reply.body : reply.kind;
  exchanges.keep({ at: clock.now(), method: asked.method, path: asked.path, request, status, answer });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A path segment without its escapes; as it is when they are broken. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
