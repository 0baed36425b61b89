import type { Exchange as BankExchange } from '../acquirer/exchanges.js';
import type { Deed, JournalEntry } from '../shop/journal.js';
import type { LedgerLine, ShownPayment, Story } from './sources.js';

/** One step of an experiment, read off what was kept of it: when it happened, or null while it has not. */
export interface Step {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly at: number | null;
  readonly isDone: boolean;
}

export interface Evidence {
  readonly journal: readonly JournalEntry[];
  readonly payment: ShownPayment;
  readonly story: Story | null;
  readonly ledger: readonly LedgerLine[];
  readonly exchanges: readonly BankExchange[];
}

/** The steps of what was done to this payment, in their order; none where nothing was. */
export function stepsOf(evidence: Evidence): Step[] {
  const done = (what: Deed): JournalEntry | undefined => evidence.journal.find((entry) => entry.what === what);
  if (done('race_wanted') !== undefined) return raceOf(evidence);
  const isPlug = done('plug_wanted') !== undefined;
  if (!isPlug && done('answer_lost') === undefined) return [];
  const asked = evidence.ledger.find(({ type }) => type === 'authorize');
  const inquiries = evidence.exchanges.filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/operations/'),
  );
  const answered = inquiries.find(({ status }) => status === 200);
  const approved = evidence.story?.data.find(
    ({ type }) => type === 'attempt.captured' || type === 'attempt.authorized',
  );
  const doubted = evidence.story?.data.find(({ reason }) => reason === 'outcome_unknown');
  const silences = inquiries.filter(({ status }) => status !== 200).length;
  const cut = evidence.exchanges.find(({ method, status }) => method === 'POST' && status === null);
  return withoutGaps([
    step('asked', asked?.created_at),
    ...(isPlug
      ? [step('pulled', done('plug_pulled')?.at), step('back', done('back_again')?.at)]
      : [step('lost', cut?.at)]),
    step('unknown', timeOf(doubted?.at)),
    step('inquired', answered?.at, silences === 0 ? '' : SILENT.replace('{count}', String(silences))),
    step('approved', timeOf(approved?.at)),
  ]);
}

/** Two payers of one payment: who was let through is read off the payment, and the other was told by then. */
function raceOf({ journal, payment, story }: Evidence): Step[] {
  const at = (...deeds: Deed[]): number | undefined => journal.find(({ what }) => deeds.includes(what))?.at;
  const paid = story?.data.find(({ type }) => type === 'attempt.captured');
  const winner = payment.attempts.find(({ outcome }) => outcome === 'approved')?.channel === 'ivr' ? 'phone' : 'page';
  const isWon = paid !== undefined;
  return [
    step('met', at('race_wanted')),
    step('raced', at('raced')),
    { ...step('won', timeOf(paid?.at)), ...(isWon && { text: WON[winner] }) },
    { ...step('told', at('phone_told', 'page_told')), ...(at('phone_told', 'page_told') && { text: TOLD[winner] }) },
  ];
}

const WON = {
  phone: 'The phone: its answer was written down first.',
  page: 'The page: its answer was written down first.',
} as const;
const TOLD = {
  phone: 'The page shows that it is paid. The second card was never charged.',
  page: 'The caller hears: “This payment has been paid already.” The second card was never charged.',
} as const;

/** The sandbox keeps its exchanges in memory: of a step that must have been, its time may be lost. */
function withoutGaps(steps: readonly Step[]): Step[] {
  const lastDone = steps.findLastIndex(({ at }) => at !== null);
  return steps.map((one, index) => {
    if (one.at !== null || index > lastDone) return one;
    return { ...one, isDone: true, text: 'The sandbox has forgotten this exchange since.' };
  });
}

const SILENT = ' {count} of our questions stayed unanswered: we told the sandbox so, to make the doubt last.';

/** What each step is called, what is going on before it, and what it was. */
const WORDS = {
  met: ['A payer on each side', '', 'One has the page open, the other calls. Each is about to give a whole card.'],
  raced: ['Both press pay', 'The caller keys the card.', 'In the same instant, for the same payment.'],
  won: ['One of them pays', 'The bank is answering.', ''],
  told: ['The other is told', 'The voice is speaking.', ''],
  asked: [
    'The acquirer is asked',
    'The payer is typing the card.',
    'It has booked the authorization: the money is taken.',
  ],
  pulled: ['The plug is pulled', 'The acquirer is answering, slowly.', 'kill -9. The answer finds nobody at home.'],
  back: ['The server is back', 'The supervisor starts it again.', 'All it knows is what was on the disk.'],
  lost: ['The answer is lost', 'The acquirer is answering.', 'The connection was cut before a word arrived.'],
  unknown: [
    'Outcome unknown',
    'The time that the answer had is running out.',
    'Was the money taken? Nobody here knows. So nothing is charged again, and nothing is called declined.',
  ],
  inquired: ['Inquired', '“Did you book this operation?”', '“Did you book this operation?” The acquirer says yes.'],
  approved: ['Approved', '', 'The answer that was missed has been found. The order is paid.'],
} as const;

function step(key: keyof typeof WORDS, at: number | undefined, more = ''): Step {
  const [title, before, after] = WORDS[key];
  return { key, title, text: `${at === undefined ? before : after}${more}`, at: at ?? null, isDone: at !== undefined };
}

/** What the books say in the end: the sentence that all of this is about. */
export function verdictOf({ ledger, payment }: Evidence): { isRight: boolean; text: string } | null {
  if (payment.status !== 'succeeded') return null;
  const standing = ledger.filter(({ type, status }) => type === 'authorize' && status === 'approved');
  const isRight = standing.length === 1;
  const count = isRight ? 'exactly one authorization' : `${standing.length} authorizations`;
  return { isRight, text: `The acquirer’s ledger has ${count} for this payment.` };
}

function timeOf(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Date.parse(at);
}
