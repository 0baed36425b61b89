import { darkFlows, flows } from '../../flows/index.js';
import { type Config, ConfigProblem } from '../config.js';
import type { Flow } from '../contracts/flow.js';

/** What new attempts begin with in this process, and what is only carried on. */
export interface ChosenFlows {
  readonly flows: readonly Flow[];
  readonly carriedOn: readonly Flow[];
}

/**
 * Of each instrument the version that FLOWS names, else all that do not ship dark, of which the newest is begun with.
 * @throws ConfigProblem for a flow that this release does not have: it was lit by another one
 */
export function chooseFlows({ litFlows }: Pick<Config, 'litFlows'>, lit = flows, dark = darkFlows): ChosenFlows {
  const all = [...lit, ...dark];
  const unknown = litFlows.filter((name) => !all.some((flow) => nameOf(flow) === name));
  if (unknown.length > 0) {
    const known = all.map(nameOf).join(', ');
    throw new ConfigProblem(unknown.map((name) => `FLOWS: this release has no ${name}; it has ${known}`));
  }
  const named = all.filter((flow) => litFlows.includes(nameOf(flow)));
  const isBegun = (flow: Flow): boolean => {
    const chosen = named.filter(({ instrument }) => instrument === flow.instrument);
    return chosen.length === 0 ? lit.includes(flow) : chosen.includes(flow);
  };
  return { flows: all.filter(isBegun), carriedOn: all.filter((flow) => !isBegun(flow)) };
}

function nameOf({ name, version }: Flow): string {
  return `${name}@${version}`;
}
