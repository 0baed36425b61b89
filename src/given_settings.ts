import { readFileSync } from 'node:fs';
import { SETTINGS } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;
/** Variables that are set and known to this release. */
export type Given = Readonly<Record<string, string>>;

/** The known variables that are set, secrets by file included. */
export function givenSettings(environment: Environment, problems: string[]): Given {
  const given: Record<string, string> = {};
  for (const { name, secret } of SETTINGS) {
    const value = environment[name] || undefined;
    const path = secret ? environment[`${name}_FILE`] || undefined : undefined;
    if (value !== undefined && path !== undefined) {
      problems.push(`${name}: given twice, by itself and by ${name}_FILE; unset one`);
    } else if (path !== undefined) {
      const read = readSecret(path);
      if (read === null) problems.push(`${name}_FILE: cannot be read; name a file with the value and nothing else`);
      else given[name] = read;
    } else if (value !== undefined) given[name] = value;
    if (path !== undefined) given[`${name}_FILE`] = path;
  }
  return given;
}

function readSecret(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // Missing, a folder, or not ours to read: all mended in the same way.
    return null;
  }
}
