import type { Parties } from '../contracts/channel.js';
import type { Merchant } from '../contracts/merchant.js';
import type { PartyPorts } from './ports.js';

/** Who is paid and who runs the page. `known` names a merchant whose profile is not to be had. */
export function partiesOf({ operator, logoOf }: PartyPorts, merchant: Merchant | null, known: string): Parties {
  const profile = merchant?.profile;
  return {
    merchant: {
      name: profile?.displayName ?? known,
      logo: merchant === null ? null : logoOf(merchant),
      accentColour: profile?.accentColour ?? null,
      support: profile?.support ?? { email: null, phone: null, url: null },
    },
    operator: operator.name,
    operatorLogo: operator.logo,
  };
}
