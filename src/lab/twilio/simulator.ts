import { addressOf, createLabServer, handle, listen, portOf, stop } from '../serving.js';
import { createDevices } from './devices.js';
import { createFaults, type Fault } from './faults.js';
import { createNumbers } from './numbers.js';
import { type Callee, PACE_OF_PEOPLE, type TwilioOptions } from './options.js';
import { createProblems, type Problem } from './problems.js';
import type { HandsetKind } from './rest/ports.js';
import { createRestRoutes } from './rest/routes.js';
import { hexToken, newSid } from './sids.js';
import { createHandset, type Handset } from './texts/handset.js';
import { createInbound } from './texts/inbound.js';
import { createMessages, type Message } from './texts/messages.js';
import { type Caller, createCaller } from './voice/caller.js';
import { createCalls } from './voice/calls.js';
import { createConnectors } from './voice/connector.js';
import { createPay } from './voice/pay.js';
import { createVerbs } from './voice/verbs.js';
import { createErrands } from './wire/errand.js';
import { createExchanges, type Exchange } from './wire/exchanges.js';
import { createWebhooks, type Signing } from './wire/webhooks.js';

/** Twilio on this machine: its REST API at `url`, its webhooks, and the telephones of the world on the other side. */
export interface Twilio {
  /** For `TWILIO_API_BASE_URL`. */
  readonly url: string;
  readonly port: number;
  readonly accountSid: string;
  readonly authToken: string;
  /** Somebody calls one of the account's numbers; from `anonymous`, if they hide theirs. */
  dial(call: { readonly from: string; readonly to: string }): Caller;
  /** The calls that are placed to this number, one after the other: waits for the next one if there is none yet. */
  called(number: string): Promise<Caller>;
  /** The mobile phone of this number. */
  handset(number: string): Handset;
  /** Who answers calls to this number from now on. */
  answerAs(number: string, callee: Callee): void;
  /** What there is at this number: a `mobile` phone unless told otherwise. */
  is(number: string, kind: HandsetKind): void;
  messages(): readonly Message[];
  /** Who signs webhooks from now on; `own` is right. */
  signWith(how: Signing): void;
  /** Has something go wrong. */
  fail(fault: Fault): void;
  heal(): void;
  /** What the application did wrong, by Twilio's numbers: nothing, for an application that is right. */
  problems(): readonly Problem[];
  forgetProblems(): void;
  /** All that went over the wire to the application, card data masked; of one call or message, or all. */
  exchanges(sid?: string): readonly Exchange[];
  /** Resolves when everything that was sent has been told of. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Starts the simulator; resolves when it listens, on loopback only. */
export async function startTwilio(options: TwilioOptions): Promise<Twilio> {
  const server = createLabServer();
  await listen(server, options.port ?? 0, HOST);
  const parts = assemble(options);
  const { accountSid, authToken, calls, messages, inbound, errands, kinds } = parts;
  const { clock, log } = options;
  server.on('request', (request, response) => {
    handle(request, response, parts.routes, clock).catch((error: unknown) => {
      log.error('the Twilio simulator failed at a request', { error });
      response.destroy();
    });
  });
  const handsets = new Map<string, Handset>();

  return {
    ...{ url: addressOf(server, HOST), port: portOf(server), accountSid, authToken },
    dial: ({ from, to }) => createCaller(calls.dial(from, to)),
    async called(number) {
      return createCaller(await calls.nextTo(number));
    },
    handset(number) {
      const handset = handsets.get(number) ?? createHandset({ number, messages, inbound, clock });
      handsets.set(number, handset);
      return handset;
    },
    answerAs: calls.answerAs,
    is: (number, kind) => void kinds.set(number, kind),
    messages: messages.list,
    signWith: parts.webhooks.signWith,
    fail: parts.faults.program,
    heal: parts.faults.clear,
    problems: parts.problems.list,
    forgetProblems: parts.problems.clear,
    exchanges: (sid) => (sid === undefined ? parts.exchanges.list() : parts.exchanges.about(sid)),
    idle: messages.idle,
    async close() {
      await calls.close();
      await messages.close();
      await stop(server);
      errands.close();
    },
  };
}

function assemble(options: TwilioOptions) {
  const { clock, ids } = options;
  const accountSid = options.accountSid ?? newSid(ids, 'AC');
  const authToken = options.authToken ?? hexToken(ids);
  const pace = { ...PACE_OF_PEOPLE, ...options.pace };
  const kinds = new Map<string, HandsetKind>();
  const kindOf = (number: string): HandsetKind => kinds.get(number) ?? 'mobile';
  const errands = createErrands(clock);
  const exchanges = createExchanges();
  const problems = createProblems(clock);
  const faults = createFaults();
  const numbers = createNumbers(options.numbers, options.senders ?? [], ids, clock);
  const webhooks = createWebhooks({ authToken, errands, exchanges, problems, faults, clock, ids });
  const connectors = createConnectors({ connectors: options.connectors ?? {}, errands, exchanges, clock, ids });
  const perform = createVerbs(createPay(connectors, clock, options.afterFailedPay));
  const callee = options.callee ?? 'rings';
  const calls = createCalls({ accountSid, webhooks, problems, perform, pace, clock, numbers, faults, callee, ids });
  const isReachable = (number: string): boolean => kindOf(number) !== 'off';
  const messages = createMessages({ accountSid, webhooks, pace, isReachable, clock, ids });
  const inbound = createInbound({ accountSid, numbers, messages, webhooks, problems });
  const account = { accountSid, authToken };
  const rest = createRestRoutes({ ...account, numbers, calls, messages, inbound, faults, kindOf, clock });
  const devices = createDevices({ ...account, numbers, calls, messages, inbound, exchanges, problems });
  return {
    ...{ ...account, calls, messages, inbound, errands, exchanges, problems, faults, webhooks, kinds },
    routes: async (asked: Parameters<typeof rest>[0]) => devices(asked) ?? rest(asked),
  };
}
