import { flows } from '../../../flows/index.js';
import type { Engine } from '../../../src/contracts/engine.js';
import type { Reaching } from '../../../src/contracts/reaching.js';
import { createEngine, type EnginePorts } from '../../../src/engine/index.js';
import { testAcquirer } from '../../http/acquirer.js';
import { plainPresenter } from '../../simulation/presenter.js';

const PUBLIC_URL = 'https://pay.example.org';

type Given = Pick<EnginePorts, 'store' | 'vault' | 'clock' | 'ids' | 'log'> & Pick<Reaching, 'begin'>;

/** A whole engine, whose issuer authenticates nobody and whose authorizations wait for the gate. */
export function openEngine({ begin, gate, ...given }: Given & { gate(): Promise<void> | null }): Engine {
  const acquirer = testAcquirer(gate);
  return createEngine({
    ...given,
    acquirers: [acquirer],
    authenticator: {
      name: 'none',
      deadlineMs: 1_000,
      authenticate: async () => ({ answer: 'unavailable', reason: 'none' }),
      inquire: async () => ({ answer: 'unavailable', reason: 'none' }),
      readResult: () => null,
    },
    cards: { store: async () => 'kept' },
    reaching: { channels: ['email', 'sms', 'ivr'], begin },
    flows,
    route: () => acquirer.name,
    presenter: plainPresenter,
    resultUrl: (payment) => `${PUBLIC_URL}/3ds/${payment}`,
    returnUrl: (_, authentication) => `${PUBLIC_URL}/3ds/${authentication}`,
    drawCode: async () => '4821093756',
    committed: () => undefined,
  });
}
