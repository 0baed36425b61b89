import { expect, it } from 'vitest';
import { card } from '../../flows/card.js';
import { ConfigProblem } from '../../src/config.js';
import type { Flow } from '../../src/contracts/flow.js';
import { chooseFlows } from '../../src/house/flows.js';

const second: Flow = { ...card, version: 2 };
const third: Flow = { ...card, version: 3 };
const voucher: Flow = { ...card, name: 'voucher', version: 1, instrument: 'voucher' };

it.each<[string[], string[], string[]]>([
  [[], ['card@1', 'card@2', 'voucher@1'], ['card@3']],
  [['card@3'], ['card@3', 'voucher@1'], ['card@1', 'card@2']],
  [['card@1'], ['card@1', 'voucher@1'], ['card@2', 'card@3']],
])('with FLOWS %j begins with %j and carries on %j', (litFlows, begun, carriedOn) => {
  const names = (flows: readonly Flow[]) => flows.map(({ name, version }) => `${name}@${version}`).sort();
  const chosen = chooseFlows({ litFlows }, [card, second, voucher], [third]);
  expect(names(chosen.flows)).toEqual(begun);
  expect(names(chosen.carriedOn)).toEqual(carriedOn);
});

it('ships dark for a new instrument, too', () => {
  expect(chooseFlows({ litFlows: [] }, [card], [voucher])).toEqual({ flows: [card], carriedOn: [voucher] });
});

it('refuses what this release does not have, all of it at once', () => {
  const choose = () => chooseFlows({ litFlows: ['card@9', 'purse@1', 'card@1'] }, [card]);
  expect(choose).toThrow(ConfigProblem);
  expect(choose).toThrow(/this release has no card@9; it has card@1\n.*no purse@1/s);
});
