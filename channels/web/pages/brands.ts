import { brandName } from '../../../src/contracts/brands.js';
import { type Html, html } from '../../../src/contracts/html.js';
import type { Words } from '../language.js';

/** A brand's sign in letters of ours; the name is said beside it or by the status behind the field. */
export function brandMark(brand: string): Html {
  return html`<span class="brand ${brand}" aria-hidden="true">${SHORT_NAMES.get(brand) ?? brandName(brand)}</span>`;
}

const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['amex', 'AMEX'],
  ['visa', 'VISA'],
  ['diners', 'Diners'],
]);

/** Within the number's field: the brands recognised so far. The script fills it while the payer types and says it aloud. */
export function brandMarks(say: Words, brands: readonly string[]): Html {
  return html`<span class="marks" data-marks>${brands.map(brandMark)}</span><span class="unseen" role="status" data-brand-said="${say('card.brand_seen', { brand: '{brand}' })}"></span>`;
}

/** What the script is told of a brand: what it is called, what a form sends, and how it looks. */
export function brandFace(brand: string): { brand: string; name: string; short: string } {
  const name = brandName(brand);
  return { brand, name, short: SHORT_NAMES.get(brand) ?? name };
}
