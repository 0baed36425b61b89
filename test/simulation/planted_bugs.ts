import type { PlantedBug } from './planted_bug.js';
import { BUGS_ON_TELEVISION } from './planted_bugs_tv.js';

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'calls the acquirer before the commit',
    file: 'src/engine/index.js',
    find: 'const committed = await commit(decision)',
    replace:
      'for (const call of decision.calls) void performer.perform(decision.payment, call);\n            const committed = await commit(decision)',
  },
  {
    name: 'repeats under a new identity',
    file: 'src/engine/ladder.js',
    find: 'if (!isRepeatable)',
    replace:
      "if (operation.type === 'authorize') { operation.settledAt = world.now; operation.nextAt = null; issue(draft, attempt, { type: 'authorize', amount: operation.amount, variant: operation.variant ?? undefined }); return null; }\n    if (!isRepeatable)",
  },
  {
    name: 'takes not_found for a decline',
    file: 'src/engine/ladder.js',
    find: 'if (!isRepeatable)',
    replace:
      "if (operation.type === 'authorize') return decline(draft, attempt, operation, { code: 'not_found', acquirerCode: null, advice: 'retry' });\n    if (!isRepeatable)",
  },
  {
    name: 'takes unknown for a decline',
    file: 'src/engine/ladder.js',
    find: "if (operation.type === 'authorize' && isSilent) {",
    replace:
      "if (operation.type === 'authorize') { return decline(draft, attempt, operation, { code: 'timeout', acquirerCode: null, advice: 'retry' });",
  },
  {
    name: 'keeps late money whatever was agreed',
    file: 'src/engine/late.js',
    find: "? payment.terms.lateMoney : 'return'",
    replace: "? 'keep' : 'return'",
  },
  {
    name: 'stops looking once a reversal is acknowledged',
    file: 'src/engine/reversal.js',
    find: 'if (horizonAt === null || now >= horizonAt) {',
    replace: 'if (horizonAt !== undefined) {',
  },
  {
    name: 'takes a reversal for sent when it was only tried',
    file: 'src/engine/ladder.js',
    find: 'const { limits, now } = draft.world;\n    if (operation.status',
    replace:
      "const { limits, now } = draft.world;\n    if (operation.type === 'reverse') { operation.status = 'approved'; operation.settledAt = now; operation.nextAt = null; return reversalAcknowledged(draft, attempt, operation); }\n    if (operation.status",
  },
  {
    name: 'answers a prompt that no longer waits',
    file: 'src/engine/decide.js',
    find: 'reply.prompt !== beginPromptId(payment) || !mayBegin(payment, world.now)',
    replace: 'payment.wish !== null',
  },
  {
    name: 'never looks at its lease again',
    file: 'src/engine/perform.js',
    find: 'mayStillSend: () => clock.now() < deadline',
    replace: 'mayStillSend: () => true',
  },
  {
    name: 'does not count refunds under way',
    file: 'src/engine/ledger.js',
    find: 'return refundedOf(attempt) + sum(open);',
    replace: 'return refundedOf(attempt) + 0 * sum(open);',
  },
  {
    name: 'calls a payment canceled while money is in doubt',
    file: 'src/engine/conclude.js',
    find: 'const isDone = !isOpen &&',
    replace: 'const isDone = (!isOpen || true) &&',
  },
  {
    name: 'believes any approved amount',
    file: 'src/engine/ladder.js',
    find: 'if (money.amount !== operation.amount || money.currency !== payment.currency)',
    replace: 'if (money.currency !== payment.currency)',
  },
  {
    name: "believes the browser's return",
    file: 'src/engine/decide.js',
    find: "return advance(draft, attempt, { type: 'reply.returned' });",
    replace: "return advance(draft, attempt, { type: 'authentication.passed' });",
  },
  {
    name: 'forgets a lease that ended',
    file: 'src/engine/timers.js',
    find: 'if (nextAt === null)',
    replace: 'if (nextAt === null || calls > 0)',
  },
  {
    name: 'does again what a key asked for when it lost a race',
    file: 'src/engine/commands.js',
    find: 'if (draft.payment.requests.some(({ key }) => key === request.key))',
    replace: 'if (false)',
  },
  {
    name: 'captures twice at once',
    file: 'src/engine/commands.js',
    find: "refuseWhileUnsettled(payment.attempts, ['authorize', 'capture', 'void', 'reverse']);",
    replace: '',
  },
  {
    name: 'never claims its reference',
    file: 'src/engine/commands.js',
    find: 'openReference: wanted.reference,',
    replace: 'openReference: null,',
  },
  {
    name: 'keeps no request',
    file: 'src/engine/commands.js',
    find: 'draft.payment.requests.push({ ...request, target, answer: null });',
    replace: '',
  },
  {
    name: 'never releases the remainder of a final capture',
    file: 'src/engine/conclude.js',
    find: 'if (payment.review !== null || !isFinallyCaptured(payment))',
    replace: 'if (payment.review !== undefined)',
  },
  {
    name: 'forgets that a hold ends',
    file: 'src/engine/decide.js',
    find: "payment.wish ??= { to: 'cancel', by: 'system', at: world.now };",
    replace: 'attempt.captureBefore = null;',
  },
  {
    name: 'takes the result of any authentication',
    file: 'src/engine/decide.js',
    find: 'if (authentication.id !== id || ',
    replace: 'if (',
  },
  {
    name: 'takes a suspect card on the word of a channel',
    file: 'src/engine/proof.js',
    find: 'isSuspect(payment, reply.face) || ',
    replace: '',
  },
  {
    name: 'reverses what was partly refunded',
    file: 'src/engine/conclude.js',
    find: 'acquirer.reverse !== undefined && refunds.length === 0',
    replace: 'acquirer.reverse !== undefined',
  },
  {
    name: 'keeps the card of money that goes back',
    file: 'src/engine/saving.js',
    find: "if (attempt.late === null || attempt.late === 'kept')",
    replace: "if (attempt.late !== 'review')",
  },
  {
    name: 'asks the account about a card once only',
    file: 'src/engine/saving.js',
    find: 'nextAt: draft.world.now + LEASE_MS',
    replace: 'nextAt: null',
  },
  {
    name: 'leaves what waits to those who were told',
    file: 'src/engine/operations.js',
    find: 'operation.nextAt = draft.world.now + draft.world.limits.handoverMs;',
    replace: 'operation.nextAt = null;',
    isInCluster: true,
  },
  {
    name: 'charges a suspect card on the word of a text',
    file: 'src/engine/proof.js',
    find: 'if (isSuspect(payment, reply.face)',
    replace: "if ((reply.channel !== 'sms' && isSuspect(payment, reply.face))",
  },
  {
    name: 'forgets on the telephone that the issuer asked for authentication',
    file: 'src/engine/proof.js',
    find: " || decline?.code === 'authentication_required'",
    replace: '',
  },
  {
    name: 'believes in digits that no text has brought',
    file: 'src/engine/proof.js',
    find: "if (reply.proof === 'sms_code')",
    replace: "if (reply.proof === 'sms_code') return 'sms_code';\n    if (false)",
  },
  {
    name: 'takes telephone orders for what was not begun by telephone',
    file: 'src/engine/proof.js',
    find: " && origin === 'telephone'",
    replace: '',
  },
  {
    name: 'has somebody authenticated where nobody can be sent to their bank',
    file: 'src/engine/decide.js',
    find: 'if (!isTakenHere(payment, reply))',
    replace: 'if (false)',
  },
  {
    name: 'has whoever sends a text authenticated',
    file: 'src/engine/proof.js',
    find: "new Set(['ivr', 'sms', 'tv'])",
    replace: "new Set(['ivr', 'tv'])",
  },
  {
    name: 'takes a card whose challenge was left as if it had never begun',
    file: 'src/engine/proof.js',
    find: "authentication.state !== 'passed'",
    replace: "authentication.state === 'refused'",
  },
  {
    name: 'takes a suspect card for another once the key of fingerprints has changed',
    file: 'src/contracts/vault.js',
    find: 'if (keyOf(one) === keyOf(other))',
    replace: 'if (true)',
  },
  {
    name: 'leaves what digits began to the process that read them',
    file: 'src/counter/text_replies.js',
    find: 'dueAt: now + TAKEN_UP_MS',
    replace: 'dueAt: null',
  },
  {
    name: 'tells what digits came to as often as it is found out',
    file: 'src/notify/texts/following.js',
    find: '.id}.outcome`',
    replace: '.id}.outcome` + clock.now()',
  },
  {
    name: 'tells a caller that they have paid when somebody else has',
    file: 'src/counter/calls.js',
    find: 'own.some((attempt) => PAYING.has(attempt.status))',
    replace: 'own.length > 0',
  },
  ...BUGS_ON_TELEVISION,
];
