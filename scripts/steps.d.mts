/** One thing that must hold: what to run with node, and how to mend what it finds. */
export interface Step {
  readonly name: string;
  readonly args: readonly string[];
  readonly mend: string;
}
export const STEPS: readonly Step[];
