import type { Clock } from '../../../contracts/clock.js';
import type { Faults } from '../faults.js';
import type { Numbers } from '../numbers.js';
import type { Inbound } from '../texts/inbound.js';
import type { Messages } from '../texts/messages.js';
import type { Calls } from '../voice/calls.js';

/** What there is at a number. */
export type HandsetKind = 'mobile' | 'off' | 'landline';

export interface RestPorts {
  readonly accountSid: string;
  readonly authToken: string;
  readonly numbers: Numbers;
  readonly calls: Calls;
  readonly messages: Messages;
  readonly inbound: Inbound;
  readonly faults: Faults;
  kindOf(number: string): HandsetKind;
  readonly clock: Clock;
}
