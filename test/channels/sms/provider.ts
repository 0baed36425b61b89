import type { Begun, OutgoingCall, OutgoingText, Telephone } from '../../../src/contracts/telephone.js';

let messages = 0;
/** A name of the provider's for a message. */
export function newSid(): string {
  messages += 1;
  return `SM${messages.toString(16).padStart(32, '0')}`;
}

/** A text that went out. */
export type Listed = Pick<OutgoingText, 'to' | 'body'> & { readonly sid: string; readonly statusUrl?: string };

/** What a request comes to: what we are told, and whether the text goes out. */
export type Fate = (text: OutgoingText, sid: string) => { readonly begun: Begun; readonly isSent: boolean } | null;

/** A provider that does what it is told, and remembers what it was asked. */
export function obedientProvider(
  state: { readonly isListAway: boolean },
  fate: Fate = () => null,
  now: () => number = () => 0,
) {
  const sent: OutgoingText[] = [];
  const calls: OutgoingCall[] = [];
  const answers: Begun[] = [];
  const listed: Listed[] = [];
  const placed: { readonly to: string; readonly sid: string; readonly at: number }[] = [];
  const telephone: Telephone = {
    async sendText(text) {
      sent.push(text);
      const sid = newSid();
      const fated = fate(text, sid);
      if (fated?.isSent) listed.unshift({ ...text, sid });
      if (fated !== null) return fated.begun;
      const answer = answers.shift() ?? { outcome: 'taken', sid };
      if (answer.outcome === 'taken') listed.unshift({ ...text, sid: answer.sid });
      return answer;
    },
    async placeCall(call) {
      calls.push(call);
      const answer = answers.shift() ?? { outcome: 'taken', sid: newSid() };
      if (answer.outcome === 'taken') placed.unshift({ to: call.to, sid: answer.sid, at: now() });
      return answer;
    },
    async callsTo(to, since) {
      if (state.isListAway) throw new Error('no list');
      return placed.filter((call) => call.to === to && call.at >= since);
    },
    async textsTo(to) {
      if (state.isListAway) throw new Error('no list');
      return listed.filter((text) => text.to === to);
    },
  };
  return { telephone, sent, calls, answers, listed };
}
