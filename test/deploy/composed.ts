/**
 * The services of docker-compose.yml on this machine without a Docker engine: every command, setting, secret and health
 * check as it stands there and in the Dockerfile. Only paths, ports and the names of machines are those of a test.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../support/guichet.js';
import { CHECKOUT, composeFile, dockerfile, healthcheckOf, type Service } from './compose_file.js';
import { type Container, container, inText, type Translation } from './container.js';

export interface Composed {
  readonly containers: Readonly<Record<string, Container>>;
  /** Where nginx listens, which is PUBLIC_URL. */
  readonly url: string;
  /** Ports by service, of those that listen. */
  readonly ports: Readonly<Record<string, number>>;
  /** The folder in which our processes run. */
  readonly app: string;
  /** A secret as our processes read it. */
  secret(name: string): string;
  /** Starts a service after those it depends on, and waits until it is well. */
  up(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface Programs {
  readonly mongod: string;
  readonly mongosh: string;
  readonly redisServer: string;
  readonly nginx: string;
}

/** What a service's image runs where the file does not say. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = { nginx: ['nginx', '-g', 'daemon off;'] };
/** Where services listen in their containers; ours by PORT of the Dockerfile. */
const PORTS: Readonly<Record<string, number>> = { mongo: 27_017, redis: 6_379, nginx: 8_080 };

/** Nothing is started yet. `mailPort` is where a mail server stands in for the service of that name. */
export async function composed(programs: Programs, mailPort: number): Promise<Composed> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-composed-'));
  const names = Object.keys(composeFile().services).filter((name) => name !== 'mail');
  const ports: Record<string, number> = {};
  for (const name of names) ports[name] = await freePort();
  const url = `http://127.0.0.1:${ports['nginx']}`;
  const { services } = composeFile({ PUBLIC_URL: url, SANDBOX_PUBLIC_URL: `http://127.0.0.1:${ports['lab']}` });
  const places = { 'mail:1025': `127.0.0.1:${mailPort}`, ...placesOf(ports) };

  putPrograms(folder, programs);
  putImage(folder);
  makeSecrets(folder, places);
  putFile(folder, 'mongo.js', { '/run/secrets/': `${folder}/secrets/` });
  putFile(folder, 'nginx.conf', {
    ...places,
    // Where names have become addresses nobody need be asked for them, and nginx before 1.27.3 could not ask.
    ' resolve ': ' ',
    'listen 8080': `listen 127.0.0.1:${ports['nginx']}`,
    '/scratch/': `${folder}/nginx/`,
    // In the image it is nobody from the start.
    'worker_processes auto;': `${process.getuid?.() === 0 ? 'user root root; ' : ''}worker_processes auto;`,
  });
  const made = names.map((name) => {
    const service = services[name] as Service;
    const translation = translationOf(name, folder, ports, places);
    return [name, make(name, service, folder, translation)] as const;
  });
  const containers = Object.fromEntries(made);

  const wellOnce = new Map<string, Promise<void>>();
  function up(name: string): Promise<void> {
    const begun = wellOnce.get(name) ?? begin(name);
    wellOnce.set(name, begun);
    return begun;
  }
  async function begin(name: string): Promise<void> {
    const needed = Object.keys(services[name]?.depends_on ?? {});
    await Promise.all(needed.map(up));
    containers[name]?.start();
    await containers[name]?.untilHealthy();
  }

  return {
    containers,
    url,
    ports,
    app: join(folder, 'app'),
    secret: (name) => readFileSync(join(folder, 'secrets', name), 'utf8').trim(),
    up,
    async close() {
      await Promise.all(Object.values(containers).map((one) => one.end('SIGKILL')));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where services reach each other, by the names that stand in addresses. */
function placesOf(ports: Readonly<Record<string, number>>): Record<string, string> {
  const ours = Number(dockerfile().image.environment['PORT']);
  return Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [`${name}:${PORTS[name] ?? ours}`, `127.0.0.1:${port}`]),
  );
}

function make(name: string, service: Service, folder: string, translation: Translation): Container {
  const { image } = dockerfile();
  const isOurs = service.build !== undefined;
  mkdirSync(join(folder, name, 'data'), { recursive: true });
  return container({
    name,
    command: service.command ?? (isOurs ? image.command : (COMMANDS[name] ?? [])),
    healthcheck: healthcheckOf(service)?.test ?? [],
    path: `${folder}/bin:${process.env['PATH']}`,
    environment: {
      ...(isOurs && image.environment),
      ...service.environment,
    },
    cwd: isOurs ? join(folder, 'app') : join(folder, name),
    translation,
  });
}

/** Paths of a container and ports of its own network, as they are here. */
function translationOf(
  name: string,
  folder: string,
  ports: Readonly<Record<string, number>>,
  places: Readonly<Record<string, string>>,
): Translation {
  const own = join(folder, name);
  const port = String(ports[name]);
  const words: Record<string, Record<string, readonly string[]>> = {
    mongo: { '--norc': ['--norc', '--port', port] },
    nginx: { nginx: ['nginx', '-e', 'stderr', '-c', join(folder, 'etc/nginx.conf')] },
  };
  const texts: Record<string, Record<string, string>> = {
    mongo: { '--bind_ip_all': `--bind_ip 127.0.0.1 --port ${port} --dbpath ${own}/data` },
    redis: {
      '--appendonly yes': `--appendonly yes --bind 127.0.0.1 --port ${port} --dir ${own}/data`,
      'redis-cli': `redis-cli -p ${port}`,
    },
    nginx: { '127.0.0.1:8080': `127.0.0.1:${port}` },
  };
  return {
    texts: {
      ...places,
      ...texts[name],
      '/run/secrets/': `${folder}/secrets/`,
      '/etc/guichet/': `${folder}/etc/`,
      '/scratch/': `${own}/`,
      '127.0.0.1:3000': `127.0.0.1:${port}`,
    },
    words: {
      ...words[name],
      '/tmp': [own],
      '/scratch': [own],
      '/data': [`${own}/data`],
      '0.0.0.0': ['127.0.0.1'],
      '3000': [port],
    },
  };
}

/** What images have on their path. */
function putPrograms(folder: string, { mongod, mongosh, redisServer, nginx }: Programs): void {
  mkdirSync(join(folder, 'bin'));
  const redisCli = join(dirname(redisServer), 'redis-cli');
  const programs = {
    mongod,
    mongosh,
    'redis-server': redisServer,
    'redis-cli': redisCli,
    nginx,
    node: process.execPath,
  };
  for (const [name, path] of Object.entries(programs)) symlinkSync(path, join(folder, 'bin', name));
}

/** What the image of our own services holds and nothing else; libraries are where they are. */
function putImage(folder: string): void {
  mkdirSync(join(folder, 'app'));
  for (const name of dockerfile().image.contents) {
    const to = join(folder, 'app', name);
    if (name === 'node_modules') symlinkSync(join(CHECKOUT, name), to);
    else cpSync(join(CHECKOUT, name), to, { recursive: true, filter: (path) => path !== join(CHECKOUT, 'dist/test') });
  }
}

/** By the script that people run; then the machines have the addresses that they have here. */
function makeSecrets(folder: string, places: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, 'deploy'));
  cpSync(join(CHECKOUT, 'deploy/secrets.sh'), join(folder, 'deploy/secrets.sh'));
  const run = spawnSync('sh', [join(folder, 'deploy/secrets.sh')], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`secrets.sh: ${run.stderr}`);
  for (const name of readdirSync(join(folder, 'secrets'))) {
    const path = join(folder, 'secrets', name);
    const value = readFileSync(path, 'utf8');
    rmSync(path);
    writeFileSync(path, inText(value, places), { mode: 0o444 });
  }
}

/** A file that the compose file mounts. */
function putFile(folder: string, name: string, texts: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, 'etc'), { recursive: true });
  writeFileSync(join(folder, 'etc', name), inText(readFileSync(join(CHECKOUT, 'deploy', name), 'utf8'), texts));
}
