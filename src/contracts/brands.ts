/** How a brand writes its own name. */
export function brandName(brand: string): string {
  return BRAND_NAMES.get(brand) ?? brand;
}

const BRAND_NAMES: ReadonlyMap<string, string> = new Map([
  ['cb', 'CB'],
  ['visa', 'Visa'],
  ['mastercard', 'Mastercard'],
  ['maestro', 'Maestro'],
  ['amex', 'American Express'],
  ['diners', 'Diners Club'],
  ['discover', 'Discover'],
  ['jcb', 'JCB'],
  ['unionpay', 'UnionPay'],
  ['elo', 'Elo'],
  ['hiper', 'Hiper'],
  ['hipercard', 'Hipercard'],
  ['mir', 'Mir'],
  ['verve', 'Verve'],
]);
