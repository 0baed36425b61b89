/** Speaks enough of MongoDB's wire protocol to be asked what it is, and says whatever a test wants: no such servers can be had. */

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import mongoose from 'mongoose';

const { BSON } = mongoose.mongo;

export interface FakeMongod {
  readonly port: number;
  close(): Promise<void>;
}

export interface FakeNature {
  readonly version: string;
  /** What drivers go by: 13 is MongoDB 5.0, 17 is 6.0. */
  readonly wireVersion: number;
  /** Of a replica set; null for a standalone server. */
  readonly setName: string | null;
}

const HEAD_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

export async function fakeMongod(nature: FakeNature): Promise<FakeMongod> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let waiting: Buffer = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      waiting = Buffer.concat([waiting, bytes]);
      while (waiting.length >= HEAD_BYTES && waiting.length >= waiting.readInt32LE(0)) {
        const message = waiting.subarray(0, waiting.readInt32LE(0));
        waiting = waiting.subarray(message.length);
        socket.write(answerTo(message, nature, port()));
      }
    });
  });
  const port = (): number => (server.address() as AddressInfo).port;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: port(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** An OP_MSG is answered by its like; the first greeting still comes as OP_QUERY, and is answered by OP_REPLY. */
function answerTo(message: Buffer, nature: FakeNature, port: number): Buffer {
  const code = message.readInt32LE(12);
  if (code !== OP_QUERY && code !== OP_MSG) throw new Error(`a message of kind ${code}`);
  const at = code === OP_MSG ? HEAD_BYTES + 5 : message.indexOf(0, HEAD_BYTES + 4) + 9;
  const [command = ''] = Object.keys(BSON.deserialize(message.subarray(at, at + message.readInt32LE(at))));
  const document = BSON.serialize(said(command.toLowerCase(), nature, port));
  const before = Buffer.alloc(code === OP_MSG ? 5 : 20);
  // One document is returned.
  if (code === OP_QUERY) before.writeInt32LE(1, 16);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeInt32LE(HEAD_BYTES + before.length + document.length, 0);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(code === OP_MSG ? OP_MSG : OP_REPLY, 12);
  return Buffer.concat([head, before, document]);
}

function said(command: string, { version, wireVersion, setName }: FakeNature, port: number): object {
  if (command === 'buildinfo') return { version, ok: 1 };
  if (command !== 'hello' && command !== 'ismaster') return { ok: 1 };
  const me = `127.0.0.1:${port}`;
  const set = setName === null ? {} : { setName, setVersion: 1, hosts: [me], primary: me, me, secondary: false };
  return {
    ...{ helloOk: true, ismaster: true, isWritablePrimary: true, readOnly: false },
    ...{ maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 },
    ...{ localTime: new Date(), logicalSessionTimeoutMinutes: 30, connectionId: 1, minWireVersion: 0 },
    ...{ maxWireVersion: wireVersion, ...set, ok: 1 },
  };
}
