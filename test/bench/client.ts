import { connect, type Socket } from 'node:net';

/**
 * The callers' side of the wire: HTTP/1.1 on kept connections, written for one purpose. It shares two cores with what it
 * measures, so it does nothing a benchmark does not need: no agent, no streams, answers as text.
 */
export interface Client {
  /** Sends one request and resolves with its whole answer. Rejects when the connection breaks. */
  send(request: Request): Promise<Answer>;
  close(): void;
}

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case; of a repeated one the last. */
  readonly header: (name: string) => string;
  /** One character per byte, which is all the same for what is looked for in it. */
  readonly body: string;
}

interface Connection {
  readonly socket: Socket;
  pending: Pending | null;
  text: string;
}
interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Connections are opened as they are needed, at most `connectionsMax`; further requests wait for one. Each comes from a
 * loopback address of its own where the system has more than one, because a house bounds what one address may hold open;
 * `before`: how many were opened by others.
 */
export function createClient(port: number, connectionsMax: number, before = 0): Client {
  const idle: Connection[] = [];
  const open = new Set<Connection>();
  const waiting: ((connection: Connection) => void)[] = [];

  let opened = before;

  function openConnection(): Connection {
    opened += 1;
    const own = process.platform === 'linux' ? { localAddress: `127.0.${opened >> 8}.${(opened % 255) + 1}` } : {};
    const connection: Connection = {
      socket: connect({ port, host: '127.0.0.1', noDelay: true, ...own }),
      pending: null,
      text: '',
    };
    open.add(connection);
    const { socket } = connection;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      connection.text += chunk;
      const answer = answerOf(connection.text);
      if (answer === null) return;
      const { pending } = connection;
      connection.text = '';
      connection.pending = null;
      if (answer.header('connection') === 'close') drop(connection);
      else free(connection);
      pending?.resolve(answer);
    });
    socket.on('error', () => drop(connection));
    socket.on('close', () => drop(connection));
    return connection;
  }

  function drop(connection: Connection): void {
    if (!open.delete(connection)) return;
    connection.socket.destroy();
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    connection.pending?.reject(new Error('the connection broke'));
    waiting.shift()?.(openConnection());
  }

  function free(connection: Connection): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else next(connection);
  }

  return {
    send(request) {
      return new Promise((resolve, reject) => {
        const write = (connection: Connection): void => {
          connection.pending = { resolve, reject };
          connection.socket.write(textOf(request), 'latin1');
        };
        const connection = idle.pop() ?? (open.size < connectionsMax ? openConnection() : undefined);
        if (connection === undefined) waiting.push(write);
        else write(connection);
      });
    },
    close() {
      for (const { socket } of open) socket.destroy();
    },
  };
}

/** Several processes as one: each request goes to the next, as from a balancer in front of them. */
export function inTurns(clients: readonly Client[]): Client {
  let turn = 0;
  return {
    send(request) {
      const client = clients[turn % clients.length];
      turn += 1;
      return client === undefined ? Promise.reject(new Error('nobody to ask')) : client.send(request);
    },
    close() {
      for (const client of clients) client.close();
    },
  };
}

function textOf({ method, path, headers = {}, body }: Request): string {
  let text = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n`;
  for (const [name, value] of Object.entries(headers)) text += `${name}: ${value}\r\n`;
  return body === undefined ? `${text}\r\n` : `${text}content-length: ${body.length}\r\n\r\n${body}`;
}

/** The answer, once all of it is here. */
function answerOf(text: string): Answer | null {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = `${text.slice(0, end)}\r\n`;
  const header = (name: string): string => new RegExp(`^${name}: (.*)\r$`, 'im').exec(head)?.[1] ?? '';
  const body = text.slice(end + 4);
  const length = /^content-length: (\d+)\r$/im.exec(head)?.[1];
  const status = Number(head.slice(9, 12));
  // Without a length the body comes in chunks, the last of which is empty; 204 has none.
  const isWhole = length === undefined ? status === 204 || body.endsWith('0\r\n\r\n') : body.length >= Number(length);
  return isWhole ? { status, header, body } : null;
}
