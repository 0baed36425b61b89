/** As much of the provider's REST interface as a house needs: texts that are sent, and calls that are taken elsewhere. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newSid } from '../sms/provider.js';

export interface Redirected {
  readonly sid: string;
  readonly url: string;
  readonly at: number;
}

export interface RestProvider {
  readonly url: string;
  /** Calls that were taken elsewhere. */
  readonly redirected: Redirected[];
  close(): Promise<void>;
}

export async function openRestProvider(
  send: (to: string, body: string) => void = () => undefined,
): Promise<RestProvider> {
  const redirected: Redirected[] = [];
  const server = createServer((request, response) => {
    let form = '';
    request.on('data', (chunk: Buffer) => {
      form += chunk.toString();
    });
    request.on('end', () => {
      const asked = new URLSearchParams(form);
      const [, call] = /\/Calls\/(CA[0-9a-f]{32})\.json$/.exec(request.url ?? '') ?? [];
      if (call === undefined) send(asked.get('To') ?? '', asked.get('Body') ?? '');
      else redirected.push({ sid: call, url: asked.get('Url') ?? '', at: Date.now() });
      response.writeHead(call === undefined ? 201 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ sid: call ?? newSid(), status: call === undefined ? 'queued' : 'in-progress' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    redirected,
    close(): Promise<void> {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
