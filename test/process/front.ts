/** What stands before several web processes, as nginx does: one address, each request to the next that can be reached. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

/** `backs` is asked anew for every request. */
export async function openFront(port: number, backs: () => readonly string[]): Promise<Front> {
  let turn = 0;

  function pass(incoming: IncomingMessage, body: Buffer, response: ServerResponse, left: readonly string[]): void {
    const [back, ...others] = left;
    if (back === undefined) {
      response.destroy();
      return;
    }
    const { method, url, headers } = incoming;
    const passed = request(`${back}${url}`, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    passed.on('error', (error: NodeJS.ErrnoException) => {
      // Nothing has left: the next may do. Otherwise nobody knows, and the caller hears nothing.
      if (error.code === 'ECONNREFUSED') pass(incoming, body, response, others);
      else response.destroy();
    });
    passed.end(body);
  }

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => response.destroy());
    incoming.on('end', () => {
      const all = backs();
      turn += 1;
      const order = all.map((_, index) => all[(turn + index) % all.length] as string);
      pass(incoming, Buffer.concat(chunks), response, order);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
