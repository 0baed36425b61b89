/** What docker-compose.yml and the Dockerfile say, read from the files themselves. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const CHECKOUT = resolve(import.meta.dirname, '../..');

export interface Healthcheck {
  /** `CMD` and its words, or `CMD-SHELL` and one line. */
  readonly test: readonly string[];
}

export interface Service {
  readonly image: string;
  readonly build?: object;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: Healthcheck;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: 'service_healthy' | 'service_started' }>>;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

/** With the variables that somebody gives who types `docker compose up`, and the file's own defaults for the others. */
export function composeFile(variables: Readonly<Record<string, string>> = {}): ComposeFile {
  const text = readFileSync(join(CHECKOUT, 'docker-compose.yml'), 'utf8');
  return interpolated(parse(text, { merge: true }), variables) as ComposeFile;
}

/** In values, never in names: `${NAME:-default}`, and `$$` for a dollar. */
function interpolated(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\$|\$\{(\w+):-([^}]*)\}/g, (whole, name: string | undefined, byDefault: string) =>
      name === undefined ? whole.slice(1) : variables[name] || byDefault,
    );
  }
  if (Array.isArray(value)) return value.map((member) => interpolated(member, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, interpolated(member, variables)]));
}

/** What the last stage of the Dockerfile makes of every service that is built here. */
export interface Image {
  readonly user: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly healthcheck: Healthcheck;
  /** What is copied into it, by its path in the checkout. */
  readonly contents: readonly string[];
}

export function dockerfile(): { readonly bases: readonly string[]; readonly image: Image } {
  const text = readFileSync(join(CHECKOUT, 'Dockerfile'), 'utf8').replace(/\\\n\s*/g, '');
  const stages = text.split(/^(?=FROM )/m).slice(1);
  const names = stages.map((stage) => / AS (\S+)/.exec(stage)?.[1]);
  const last = `${stages[0]}${stages.at(-1)}`;
  const values = (instruction: string): string[] =>
    [...last.matchAll(new RegExp(`^${instruction} (.*)$`, 'gm'))].map(([, value = '']) => value);
  const words = (text = ''): string[] => JSON.parse(text.slice(text.indexOf('['))) as string[];
  const settings = values('ENV').flatMap((line) => line.split(' ').map((setting) => setting.split('=')));
  return {
    bases: stages.flatMap((stage) => /^FROM (\S+)/.exec(stage)?.[1] ?? []).filter((base) => !names.includes(base)),
    image: {
      user: values('USER').at(-1) ?? 'root',
      environment: Object.fromEntries(settings),
      command: words(values('CMD').at(-1)),
      healthcheck: { test: ['CMD', ...words(values('HEALTHCHECK').at(-1))] },
      contents: values('COPY').map((line) => line.replace(/^--from=\S+ \/app\//, '').split(' ')[0] ?? ''),
    },
  };
}

/** Of a service that is built here, the image's where the service says nothing. */
export function healthcheckOf(service: Service): Healthcheck | undefined {
  return service.healthcheck ?? (service.build === undefined ? undefined : dockerfile().image.healthcheck);
}
