import creditCardType from 'credit-card-type';

/** What a brand says about the cards that carry it. */
export interface BrandRules {
  /** Numbers of digits a card may have. */
  readonly lengths: readonly number[];
  /** Digits of the security code. */
  readonly securityCodeLength: number;
}

/** Brands go by the names the field uses in messages; the library's longer ones are translated. */
const OUR_NAMES: ReadonlyMap<string, string> = new Map([
  ['american-express', 'amex'],
  ['diners-club', 'diners'],
]);
const KNOWN: ReadonlySet<string> = new Set(Object.values(creditCardType.types));
const LIBRARY_NAMES: ReadonlyMap<string, string> = new Map([...OUR_NAMES].map(([theirs, ours]) => [ours, theirs]));

/**
 * First digits of cards that carry CB beside Visa or Mastercard. The whole table belongs to the schemes and is not public;
 * these are the blocks of French banks as acquirers' public documents and test cards show them (4970 10 in Lyra's test
 * cards, 4973 55 in Mangopay's page on co-branded cards, 5131 to 5136 as the French Mastercard block). A CB card outside
 * them is taken under its international brand, which every such card carries too.
 */
const CB = /^(?:497[0-8]|513[1-6])/;
/** Digits after which it is known whether a card carries CB. */
const CB_DIGITS = 4;

/**
 * The brands that a number, or its first digits, may be charged under, the default first; none while the digits do not
 * decide. CB comes first where it is there: the payer may choose another (Regulation (EU) 2015/751, article 8(6)).
 */
export function brandsOfDigits(digits: string): readonly string[] {
  // Without digits the library names every brand there is.
  const [only, ...others] = digits === '' ? [] : creditCardType(digits);
  if (only === undefined || others.length > 0) return [];
  const brand = OUR_NAMES.get(only.type) ?? only.type;
  return digits.length >= CB_DIGITS && CB.test(digits) ? ['cb', brand] : [brand];
}

/** Null for a brand we do not know. CB has the rules of the brand beside it, which are the same for both. */
export function rulesOf(brand: string): BrandRules | null {
  const name = brand === 'cb' ? 'visa' : (LIBRARY_NAMES.get(brand) ?? brand);
  if (!KNOWN.has(name)) return null;
  const { lengths, code } = creditCardType.getTypeInfo(name);
  return { lengths, securityCodeLength: code.size };
}
