const FIRST_COLUMN = 30;

/** Prints one line of a table, its first column wide enough for a name. */
export function row([first = '', ...others]: readonly string[], width = 13): void {
  console.log(`  ${first.padEnd(FIRST_COLUMN)}${others.map((cell) => cell.padStart(width)).join('')}`);
}
