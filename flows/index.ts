import type { Flow } from '../src/contracts/flow.js';
import { card } from './card.js';

/** Every flow of this release. A released version stays listed until no open payment names it; the newest takes new attempts. */
export const flows: readonly Flow[] = [card];
