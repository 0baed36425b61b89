/**
 * Bugs that a tired engineer might write, each one line, planted into a copy of the compiled code: a simulation that does
 * not catch them proves nothing. `find` must occur exactly once.
 */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Only one who hands over to another could make it. */
  readonly isInCluster?: true;
}
