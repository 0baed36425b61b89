/** A door of its own to a server, for each process: what came through it was sent by that process and nobody else. */
import { request as ask, createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedDoor {
  readonly url: string;
  /** Method and path of each request that came, in order. */
  readonly came: readonly string[];
  close(): Promise<void>;
}

/** Passes everything on to `url` as it came, the answer as well, however long it takes. `heard` is told what has come whole. */
export async function recordedDoor(
  url: string,
  heard: (line: string) => void = () => undefined,
): Promise<RecordedDoor> {
  const came: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    came.push(`${method} ${path}`);
    const onward = ask(new URL(path, url), { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    // Whoever broke off, on either side, breaks the other.
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.on('end', () => heard(`${method} ${path}`));
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    came,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
