import { z } from 'zod';
import { Problem } from '../../contracts/errors.js';
import type { SignedBy } from '../../contracts/operator.js';
import type { Shown, TvDesk, TvKey, TvRefusal } from '../../contracts/television.js';
import type { Reply } from '../reply.js';
import { bearerRoute, type Route, signedRoute } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';

/** Who opens a session, and from where. */
export interface Opener extends SignedBy {
  readonly address: string;
}

/** A box that asks about its session. */
export interface Box {
  /** Aborted when it goes away, or this process is about to; made for who waits. */
  over(): AbortSignal;
}

/** Who does not wait need not be told that it is over. */
const NEVER = new AbortController().signal;
const TAG = 'Television';
/** Shorter than proxies keep a silent request open. */
const WAIT_SECONDS_MAX = 25;
const KEYS = [
  ...['OK', 'BACK', 'UP', 'DOWN', 'LEFT', 'RIGHT', 'RED', 'GREEN', 'YELLOW', 'BLUE'],
  ...['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
] as [TvKey, ...TvKey[]];

const shown = (description: string) => ({ description, schema: shapes.television });

const opening = z
  .strictObject({
    operator: schemas.operator,
    device_key_id: schemas.deviceKeyId.optional(),
    device: z.strictObject({ id: schemas.device, model: schemas.text(128).nullish() }),
    payment: schemas.pathId.optional().describe('The id of the payment.'),
    payment_code: z.string().max(64).optional().describe('Instead of `payment`: what the viewer has typed.'),
    account: schemas.account.nullish().describe('The household, by the operator’s own reference.'),
    language: schemas.language.nullish().describe('The box’s own; else the household’s, else the payment’s.'),
  })
  .refine((given) => (given.payment === undefined) !== (given.payment_code === undefined), {
    message: 'Either payment or payment_code.',
    path: ['payment'],
  });

const pressing = z
  .strictObject({
    version: z.int().min(0).describe('Of the screen that is answered.'),
    key: z.enum(KEYS).optional(),
    value: z.string().max(64).optional().describe('A whole entry, collected on the box.'),
    seq: z.int().min(1).max(1_000).optional().describe('Numbers the keys of an entry from 1: with digits, always.'),
  })
  .refine((given) => (given.key === undefined) !== (given.value === undefined), {
    message: 'Either key or value.',
    path: ['key'],
  })
  .refine(({ key, seq }) => key === undefined || !/^\d$/.test(key) || seq !== undefined, {
    message: 'A digit needs its seq.',
    path: ['seq'],
  });

const session = z.strictObject({ session: z.string().max(200) });
const waiting = z.strictObject({
  wait: z
    .string()
    .regex(/^(?:\d|1\d|2[0-5])$/, `0 to ${WAIT_SECONDS_MAX} seconds.`)
    .optional()
    .transform((given) => Number(given ?? 0))
    .describe('How long the answer may wait for another screen, in seconds, at most 25.'),
  version: z
    .string()
    .regex(/^\d{1,16}$/, 'The version of a screen.')
    .optional()
    .transform((given) => (given === undefined ? null : Number(given)))
    .describe('Of the screen that the box shows; the present one if not given.'),
});

/** Sessions of televisions: opened under a signature, and then driven by whoever has their token. */
export function openingRoute(desk: TvDesk): Route<Opener> {
  return signedRoute<Opener, typeof schemas.none, typeof schemas.none, typeof opening>({
    method: 'POST',
    path: '/tv/sessions',
    operationId: 'openTelevision',
    tag: TAG,
    summary:
      'Show a payment on a television. The same box and payment get the same session again. The amount is the payment’s.',
    params: schemas.none,
    query: schemas.none,
    body: opening,
    answers: { 201: shown('A new session.'), 200: shown('The session that there was.') },
    refusals: ['payment_not_found', 'payment_code_mistyped', 'too_many_payment_codes', 'household_not_bound'],
    async handle({ caller, body }) {
      const { device, account = null, language = null } = body;
      const answer = await desk.open(caller, {
        device: { id: device.id, model: device.model ?? null },
        ...{
          payment: body.payment ?? null,
          code: body.payment_code ?? null,
          account,
          language,
          address: caller.address,
        },
      });
      if ('refused' in answer) throw refusal(answer.refused);
      return { ...presented(answer), status: answer.isNew ? 201 : 200 };
    },
  });
}

export function lookingRoute(desk: TvDesk): Route<Box> {
  return bearerRoute<Box, typeof session, typeof waiting, never>({
    method: 'GET',
    path: '/tv/sessions/{session}',
    operationId: 'readTelevision',
    tag: TAG,
    summary: 'Read the screen; with `wait`, as soon as it is another one.',
    params: session,
    query: waiting,
    body: null,
    answers: { 200: shown('The screen.') },
    refusals: ['television_not_found'],
    async handle({ caller: { over }, params, query: { wait, version } }) {
      const ms = wait * 1_000;
      return found(await desk.look(params.session, { version, ms, over: ms === 0 ? NEVER : over() }));
    },
  });
}

export function pressingRoute(desk: TvDesk): Route<Box> {
  return bearerRoute<Box, typeof session, typeof schemas.none, typeof pressing>({
    method: 'POST',
    path: '/tv/sessions/{session}/keys',
    operationId: 'pressKey',
    tag: TAG,
    summary: 'Press a key, or send an entry. What does not answer the screen that is shown changes nothing.',
    params: session,
    query: schemas.none,
    body: pressing,
    answers: { 200: shown('The screen after it.') },
    refusals: ['television_not_found'],
    async handle({ params, body: { version, key = null, value = null, seq = null } }) {
      return found(await desk.press(params.session, { version, key, value, seq }));
    },
  });
}

function found(shown: Shown | null): Reply {
  if (shown === null) throw new Problem(404, 'television_not_found', 'There is no such session, or it has ended.');
  return presented(shown);
}

function presented({ session, screen, pollInterval }: Shown): Reply {
  return { status: 200, body: { session, screen, poll_interval: pollInterval } };
}

function refusal(why: TvRefusal): Problem {
  switch (why) {
    case 'unknown':
      return new Problem(404, 'payment_not_found', 'There is no such payment for the televisions of this operator.');
    case 'mistyped':
      return new Problem(422, 'payment_code_mistyped', 'The code is none: its check digit or length is wrong.');
    case 'too_many': {
      const detail = 'Too many codes: open the payment by its id, or let the viewer go on with a telephone.';
      return new Problem(429, 'too_many_payment_codes', detail, { retryAfterSeconds: 600 });
    }
    case 'not_bound':
      return new Problem(403, 'household_not_bound', 'This box may name itself and the household it is bound to.');
  }
}
