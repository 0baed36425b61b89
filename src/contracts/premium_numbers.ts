/**
 * Numbers that cost whoever calls them more than a call, by what follows the `+`: premium rate, shared cost, satellites. A
 * payer who gives one would be paid for being called, so none is called or texted. Source: the national numbering plans as published
 * with the ITU (itu.int/oth/T0202), and ITU-T E.164 for the codes that are no country's. A prefix that holds ordinary numbers
 * as well is not here: the table is of what is certain, and the provider's own permissions stand behind it.
 */
const PREFIXES: readonly string[] = [
  // No country's: shared cost, satellites, networks without a place, premium rate of the whole world.
  ...['808', '870', '878', '881', '882', '883', '979'],
  // North America: 900, and 976 as an exchange is matched below.
  '1900',
  // France: 081 and 082 shared cost or surcharged, 089 premium.
  ...['3381', '3382', '3389'],
  // Belgium: 090 premium, 070 and 078 shared cost.
  ...['3290', '3270', '3278'],
  // Luxembourg: 900, 901, 905.
  ...['352900', '352901', '352905'],
  // Switzerland: 090 premium, 084 shared cost.
  ...['41900', '41901', '41906', '41840', '41842', '41844', '41848'],
  // Germany: 0900 and the old 0190 premium, 0180 shared cost, 0137 mass calling.
  ...['49900', '49190', '49180', '49137'],
  // Austria: 09xx premium, 0810 to 0828 shared cost.
  ...['43900', '43901', '43930', '43931', '43939', '43810', '43820', '43821', '43828'],
  // United Kingdom: 09 premium, 084 and 087 shared cost, 070 personal numbers.
  ...['449', '4484', '4487', '4470'],
  // Netherlands: 090 premium.
  ...['31900', '31906', '31909'],
  // Spain: 803 to 807 and 905 premium, 901 and 902 shared cost.
  ...['34803', '34806', '34807', '34905', '34907', '34901', '34902'],
  // Portugal: 60x and 76x premium, 707, 708, 808 and 809 shared cost.
  ...['351601', '351607', '351646', '351648', '351760', '351761', '351762', '351707', '351708', '351808', '351809'],
  // Italy: 89x premium, 84x shared cost, 199 and 178.
  ...['39892', '39893', '39894', '39895', '39899', '39840', '39841', '39847', '39848', '39199', '39178'],
  // Denmark, Sweden, Norway, Finland.
  ...['4590', '46900', '46939', '46944', '47820', '47829', '358600', '358700'],
  // Poland: 70x premium, 801 shared cost.
  ...['48700', '48701', '48703', '48704', '48708', '48801'],
  // Czechia: 900, 906, 909 premium. Slovakia: 0900 (0901 to 0919 are mobiles).
  ...['420900', '420906', '420909', '421900'],
  // Hungary: 90 and 91 premium, 40 shared cost. Romania: 0900, 0903, 0906. Slovenia: 090.
  ...['3690', '3691', '3640', '40900', '40903', '40906', '38690'],
  // Croatia: 060, 061, 064, 065. Greece: 901 and 909. The Baltic states: 900.
  ...['38560', '38561', '38564', '38565', '30901', '30909', '370900', '371900', '372900'],
  // Russia: 809. Turkey and Mexico: 900.
  ...['7809', '90900', '52900'],
  // Australia: 190 premium. New Zealand: 0900. Singapore: 1900.
  ...['6119', '64900', '651900'],
];

const EXCHANGE_976 = /^\+1[2-9]\d{2}976\d{4}$/;

/** Whether calling this number (E.164) costs more than a call. */
export function isPremium(number: string): boolean {
  return EXCHANGE_976.test(number) || PREFIXES.some((prefix) => number.startsWith(prefix, 1));
}
