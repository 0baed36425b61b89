import type { Begun, OutgoingCall, OutgoingText, Telephone } from '../../../src/contracts/telephone.js';

let messages = 0;
/** A name of the provider's for a message. */
export function newSid(): string {
  messages += 1;
  return `SM${messages.toString(16).padStart(32, '0')}`;
}

/** A provider that does what it is told, and remembers what it was asked. */
export function obedientProvider(state: { readonly isListAway: boolean }) {
  const sent: OutgoingText[] = [];
  const calls: OutgoingCall[] = [];
  const answers: Begun[] = [];
  const listed: { sid: string; body: string; to: string }[] = [];
  const telephone: Telephone = {
    async sendText(text) {
      sent.push(text);
      const answer = answers.shift() ?? { outcome: 'taken', sid: newSid() };
      if (answer.outcome === 'taken') listed.unshift({ sid: answer.sid, body: text.body, to: text.to });
      return answer;
    },
    async placeCall(call) {
      calls.push(call);
      return answers.shift() ?? { outcome: 'taken', sid: newSid() };
    },
    async textsTo(to) {
      if (state.isListAway) throw new Error('no list');
      return listed.filter((text) => text.to === to);
    },
  };
  return { telephone, sent, calls, answers, listed };
}
