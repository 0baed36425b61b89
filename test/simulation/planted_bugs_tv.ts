import type { PlantedBug } from './planted_bug.js';

/** Of televisions and the purchase codes that are keyed there. */
export const BUGS_ON_TELEVISION: readonly PlantedBug[] = [
  {
    name: 'compares a purchase code before its error is counted',
    file: 'src/payers/purchase_code.js',
    find: 'let lockedUntil = null;',
    replace:
      "let lockedUntil = null;\n        if (await codes.check(id, code, payer.purchaseCode.hash)) return { answer: 'verified' };",
  },
  {
    name: 'never locks a purchase code',
    file: 'src/payers/purchase_code.js',
    find: 'if (errors < ERRORS_BEFORE_PAUSE)',
    replace: 'if (true)',
  },
  {
    name: 'forgives the errors before the purchase code is compared',
    file: 'src/payers/purchase_code.js',
    find: 'const isRight = await compare(',
    replace: 'await forgive(id, code, purchaseCode.hash);\n        const isRight = await compare(',
  },
  {
    name: 'takes what answers another screen than the one that is shown',
    file: 'src/counter/tv.js',
    find: 'if (seen === null || seen.shown.screen.version !== press.version)',
    replace: 'if (seen === null)',
  },
  {
    name: 'looks at a code of a screen that somebody else has moved on',
    file: 'src/counter/tv_paying.js',
    find: "if (!(await move(scene.session, { ...START, screen: 'checking' })))\n            return;",
    replace: "await move(scene.session, { ...START, screen: 'checking' });",
  },
  {
    name: 'pays on a television with a wrong code',
    file: 'src/counter/tv_paying.js',
    find: "if (answer === 'verified')\n            return verified(now);",
    replace: "if (answer !== 'locked')\n            return verified(now);",
  },
  {
    name: 'takes a suspect card on the word of a television',
    file: 'src/engine/proof.js',
    find: 'if (isSuspect(payment, reply.face)',
    replace: "if ((reply.channel !== 'tv' && isSuspect(payment, reply.face))",
  },
  {
    name: 'tells a television that its card has paid when another one has',
    file: 'src/counter/tv_view.js',
    find: 'own?.device?.id === device ? own.face : null',
    replace: 'own?.face ?? null',
  },
  {
    name: 'leaves the code on the screen of a payment that is over',
    file: 'src/counter/tv_view.js',
    find: 'return isOver(scene) ? outcome(scene) : wait(scene);',
    replace: 'return wait(scene);',
  },
  {
    name: 'takes a digit from a television as often as it comes',
    file: 'src/counter/tv_keys.js',
    find: 'seq !== entry.seq + 1',
    replace: 'false',
  },
];
