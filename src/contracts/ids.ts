/** The one door for randomness and identities. */
export interface Ids {
  /** A new identity: prefix, 48 bits of time, then 80 random bits, so that inserts stay local in an index. */
  next(prefix: IdPrefix): string;
  /** An unguessable token of `bits` random bits (a multiple of 8), base64url. */
  token(bits: number): string;
  /** `count` random decimal digits, uniformly drawn. */
  digits(count: number): string;
}

export type IdPrefix =
  | 'mer'
  | 'key'
  | 'pay'
  | 'att'
  | 'opn'
  | 'cap'
  | 'rfd'
  | 'dsp'
  | 'pyr'
  | 'ins'
  | 'mdt'
  | 'sch'
  | 'vch'
  | 'evt'
  | 'whk'
  | 'dlv'
  | 'rch'
  | 'pss'
  | 'eml'
  | 'txt'
  | 'op'
  | 'ops'
  | 'dvk'
  | 'ath'
  | 'tok';
