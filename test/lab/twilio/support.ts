import { systemClock } from '../../../src/clock.js';
import { createIds } from '../../../src/ids.js';
import { PACE_OF_TESTS, type TwilioOptions } from '../../../src/lab/twilio/options.js';
import { startTwilio, type Twilio } from '../../../src/lab/twilio/simulator.js';
import { silentLog } from '../../support/silent_log.js';

/** The simulator as tests want it: nothing takes time but silence, and that can be cut short. */
export function openTwilio(options: Pick<TwilioOptions, 'numbers'> & Partial<TwilioOptions>): Promise<Twilio> {
  const clock = options.clock ?? systemClock();
  return startTwilio({
    clock,
    ids: createIds({ clock }),
    log: silentLog(),
    callee: 'human',
    pace: PACE_OF_TESTS,
    ...options,
  });
}
