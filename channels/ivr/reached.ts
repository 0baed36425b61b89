import type { CallAddresses, CallReport, CallView } from '../../src/contracts/calls.js';
import type { Language } from '../catalogue/wording.js';
import type { SignedRequest, Twiml } from '../twilio/index.js';
import type { Payments } from './payments.js';
import type { Place } from './place.js';
import type { IvrPorts } from './ports.js';
import { type Line, line, spokenNumber } from './spoken.js';
import { type At, missed, movedTo, putThrough, REPEAT_KEY } from './step.js';

const HEAR_KEYS: Readonly<Record<Language, string>> = { fr: '1', en: '2' };
/** Where the payer's language is known there is one key. */
const HEAR_KEY = '1';

/** Calls that we have placed: no amount before a key, and a machine hears only who called and from where. */
export function createReached(
  { desk, reports, news, sharedNumber }: Pick<IvrPorts, 'desk' | 'reports' | 'news' | 'sharedNumber'>,
  payments: Payments,
) {
  async function answered(at: At): Promise<Twiml | null> {
    const { payment, reach } = at.place;
    const view = payment === null ? null : await desk.view(payment, at.caller.call);
    if (payment === null || reach === null || view === null) return at.document(at.place).end([]);
    const isMachine = /^(?:machine|fax)/.test(at.request.field('AnsweredBy'));
    await reports.reachReported(payment, reach, isMachine ? 'answered_by_machine' : 'answered');
    if (isMachine)
      return at.document(at.place).end(languagesOf(view).map((language) => forMachine(at, view, language)));
    await desk.began(payment, at.caller, reach);
    return ask(at, view, []);
  }

  function forMachine({ request }: At, view: CallView, language: Language): Line {
    const number = spokenNumber(sharedNumber, request.field('To'));
    return { ...line('reached.machine', { merchant: view.merchant.spokenName[language], number }), language };
  }

  function ask(at: At, view: CallView, lines: readonly Line[], change?: Partial<Place>): Twiml {
    const languages = languagesOf(view);
    const here = movedTo(at, { language: languages[0] ?? 'en' });
    const sentence = view.prompt === null ? 'reached.over' : 'reached.human';
    const said = languages.map((language) => {
      const key = languages.length === 1 ? HEAR_KEY : HEAR_KEYS[language];
      return { ...line(sentence, { merchant: view.merchant.spokenName[language], key }), language };
    });
    const document = here.document(here.place);
    return view.prompt === null
      ? document.end(said)
      : document.menu('hear', [lines, ...said.map((own) => [own])], change);
  }

  async function hear(at: At): Promise<Twiml | null> {
    const { payment } = at.place;
    const view = payment === null ? null : await desk.view(payment, at.caller.call);
    if (view === null) return at.document(at.place).end([line('end.goodbye')]);
    const languages = languagesOf(view);
    const [only] = languages;
    if (languages.length === 1 && only !== undefined && at.digits === HEAR_KEY) {
      return payments.present(movedTo(at, { language: only }), []);
    }
    const chosen = languages.length === 1 ? undefined : languages.find((language) => HEAR_KEYS[language] === at.digits);
    if (chosen !== undefined) return payments.present(movedTo(at, { language: chosen }), []);
    const person = putThrough(at, view.merchant.agent);
    if (person !== null) return person;
    if (at.digits === REPEAT_KEY || at.digits === '*') return ask(at, view, []);
    return missed(at, (again, lines, change) => ask(again, view, lines, change));
  }

  /** What became of a call of ours. Told twice, or out of order, it is for whoever keeps the wish to know. */
  async function status(request: SignedRequest): Promise<void> {
    const [payment, reach] = [request.query('p'), request.query('r')];
    const report = REPORTS[request.field('CallStatus')];
    if (report !== undefined) news.forget(request.field('CallSid'));
    if (payment !== '' && reach !== '' && report !== undefined) await reports.reachReported(payment, reach, report);
  }

  return { answered, hear, status };
}

const languagesOf = ({ language }: CallView): readonly Language[] => (language === null ? ['fr', 'en'] : [language]);

const REPORTS: Readonly<Record<string, CallReport>> = {
  completed: 'completed',
  busy: 'busy',
  'no-answer': 'no_answer',
  failed: 'failed',
  canceled: 'canceled',
};

/** What the provider is given with a call that is placed for a wish to reach the payer of a payment. */
export function callAddresses(publicUrl: string, payment: string, reach: string): CallAddresses {
  const of = new URLSearchParams({ p: payment, r: reach });
  return { url: `${publicUrl}/ivr/reached?${of}`, statusUrl: `${publicUrl}/ivr/status?${of}` };
}
