import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';
import { mongoSource } from './mongod.js';
import { findMongod, findMongosh, findNginx, findRedis } from './servers.mjs';

/** A tool some tests need and a machine may lack. */
interface Tool {
  readonly called: string;
  readonly get: string;
  /** True for what is checked only where it is at hand: where no skip is allowed its tests are not there. */
  readonly mayLack?: true;
  find(): string | null;
}

const TOOLS = {
  chromium: {
    called: 'Chromium',
    get: 'apt-get install chromium, or set CHROMIUM_PATH',
    find: () => firstFile(named('CHROMIUM_PATH') ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser']),
  },
  python: { called: 'Python', get: 'apt-get install python3', find: () => firstFile(onPath('python3')) },
  php: { called: 'PHP', get: 'apt-get install php-cli', find: () => firstFile(onPath('php')) },
  mongod: { called: 'MongoDB', get: 'node test/support/servers.mjs, or set MONGODB_URL', find: mongoSource },
  /** For tests that start it by a command of their own. */
  mongodItself: { called: 'mongod', get: 'node test/support/servers.mjs', find: findMongod },
  mongosh: { called: 'mongosh', get: 'node test/support/servers.mjs', find: findMongosh },
  nginx: { called: 'nginx', get: 'apt-get install nginx', find: findNginx },
  twilioOpenApi: {
    called: "OpenAPI document of Twilio's",
    get: 'put twilio_api_v2010.json of twilio/twilio-oai into .cache/, or set TWILIO_OPENAPI to its path',
    mayLack: true,
    find: () => firstFile(named('TWILIO_OPENAPI') ?? [join(process.cwd(), '.cache', 'twilio_api_v2010.json')]),
  },
  redis: { called: 'Redis', get: 'apt-get install redis-server', find: findRedis },
  memory: { called: 'way to read the memory of processes', get: 'Linux', find: () => firstFile(['/proc/self/mem']) },
} as const satisfies Record<string, Tool>;

/**
 * `describe` for tests that need a tool: skipped, with a line at the end of the run that says how to get it, where the tool
 * is missing; failing instead where no skip is allowed (CI or GUICHET_NO_SKIP set).
 */
export function needs(name: keyof typeof TOOLS): (title: string, tests: (path: string) => void) => void {
  const tool: Tool = TOOLS[name];
  const path = tool.find();
  return (title, tests) => {
    if (path !== null) {
      describe(title, () => tests(path));
    } else if (process.env['CI'] || process.env['GUICHET_NO_SKIP']) {
      if (tool.mayLack) return;
      it(`${title}: ${tool.called} is here`, () => {
        throw new Error(`no ${tool.called}; get it with: ${tool.get}`);
      });
    } else {
      describe.skip(`${title} [no ${tool.called}; get it with: ${tool.get}]`, () => tests(''));
    }
  };
}

/** A path given in the environment is the only one looked at. */
function named(variable: string): readonly string[] | null {
  const path = process.env[variable];
  return path ? [path] : null;
}

function onPath(program: string): readonly string[] {
  const folders = process.env['PATH']?.split(delimiter) ?? [];
  return folders.map((folder) => join(folder, program));
}

function firstFile(paths: readonly string[]): string | null {
  return paths.find((path) => existsSync(path)) ?? null;
}
