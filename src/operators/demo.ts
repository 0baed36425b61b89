/** The television operator of the first start in development, in test mode alone. */
export const DEMO_OPERATOR = { id: 'op_demo', name: 'Télé Démo' } as const;

/** What it signs with: known to everybody, so it opens nothing but on this machine. */
export const DEMO_OPERATOR_SECRET = 'whsec_Z3VpY2hldC1kZW1vLXR2LW9wZXJhdG9yLXNlY3JldA==';
