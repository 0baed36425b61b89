/** Lengths that are decided here and not by whoever runs the house. In milliseconds where the name ends so. */
export const LIMITS = {
  /** Attempts that may be begun per payment. */
  attemptsPerPayment: 5,
  /**
   * Texts and calls that one merchant may ask for within an hour, by mode: the operator pays for them, and a key in wrong hands
   * must not write to the whole world. Test mode reaches real numbers too, and needs few.
   */
  reachesPerHour: { live: 600, test: 60 },
  /** How long the directory server may take over all its calls. */
  authenticationMs: 30_000,
  /** EMV 3-D Secure gives the device check 10 s in the browser; the rest is the way back. */
  deviceCheckMs: 12_000,
  /** How long a holder may take over the issuer's challenge. */
  challengeMs: 600_000,
  /** How long what is under way may take to end when the process is asked to stop. */
  shutdownMs: 15_000,
} as const;
