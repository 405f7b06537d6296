import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mongo } from 'mongoose';

const OP_MSG = 2013;
const OP_QUERY = 2004;
const OP_REPLY = 1;
const HEADER = 16;

type Document = Record<string, unknown>;

/** Stands for a MongoDB, as none is at hand: the wire protocol as mongoose's driver speaks it, documents in memory. */
export interface MongoStandIn {
  url: string;
  /** Has the next command of that name answered with an error. */
  failNext(command: string, error: Document): void;
  close(): Promise<void>;
}

/** Starts one on a free port. It knows equality in filters, a unique `_id`, and counts by `aggregate`. */
export async function startMongo(): Promise<MongoStandIn> {
  const collections = new Map<string, Document[]>();
  const failures = new Map<string, Document>();
  const sockets = new Set<Socket>();

  function answer(command: Document): Document {
    const [name] = Object.keys(command);
    const failure = failures.get(name);
    failures.delete(name);
    if (failure) return { ok: 0, ...failure };
    const documents = collections.get(String(command[name])) ?? [];
    collections.set(String(command[name]), documents);
    const found = (filter: unknown): Document[] =>
      documents.filter((document) =>
        Object.entries(filter ?? {}).every(([key, value]) => String(document[key]) === String(value)),
      );
    switch (name) {
      case 'insert': {
        const given = command.documents as Document[];
        const isTaken = given.some(({ _id }) => found({ _id }).length > 0);
        const errmsg = `E11000 duplicate key error: { _id: "${String(given[0]._id)}" }`;
        if (isTaken) return { ok: 1, n: 0, writeErrors: [{ index: 0, code: 11000, errmsg }] };
        documents.push(...given);
        return { ok: 1, n: given.length };
      }
      case 'find':
        return {
          ok: 1,
          cursor: { id: 0n, ns: `test.${String(command.find)}`, firstBatch: found(command.filter) },
        };
      case 'aggregate':
        return { ok: 1, cursor: { id: 0n, ns: 'test', firstBatch: [{ n: documents.length }] } };
      default:
        return {
          ok: 1,
          isWritablePrimary: true,
          maxWireVersion: 25,
          minWireVersion: 0,
          localTime: new Date(),
        };
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    let buffer = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      while (buffer.length >= HEADER && buffer.length >= buffer.readInt32LE(0)) {
        const message = buffer.subarray(0, buffer.readInt32LE(0));
        buffer = buffer.subarray(message.length);
        socket.write(replyTo(message, answer(readCommand(message))));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/test`,
    failNext: (command, error) => failures.set(command, error),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function readCommand(message: Buffer): Document {
  if (message.readInt32LE(12) === OP_QUERY) {
    const endOfName = message.indexOf(0, HEADER + 4);
    return mongo.BSON.deserialize(message.subarray(endOfName + 9));
  }
  let command: Document = {};
  for (let at = HEADER + 4; at < message.length;) {
    const kind = message[at];
    const size = message.readInt32LE(at + 1);
    const section = message.subarray(at + 1, at + 1 + size);
    if (kind === 0) command = { ...mongo.BSON.deserialize(section), ...command };
    else {
      const endOfName = section.indexOf(0, 4);
      const documents: Document[] = [];
      for (let from = endOfName + 1; from < section.length; from += section.readInt32LE(from)) {
        documents.push(mongo.BSON.deserialize(section.subarray(from, from + section.readInt32LE(from))));
      }
      command[section.toString('utf8', 4, endOfName)] = documents;
    }
    at += 1 + size;
  }
  // The command's name stands first.
  const { documents, ...rest } = command;
  return { ...rest, ...(documents !== undefined && { documents }) };
}

function replyTo(message: Buffer, document: Document): Buffer {
  const body = mongo.BSON.serialize(
    Object.fromEntries(
      Object.entries(document).map(([key, value]) => [
        key,
        key === 'cursor' ? withLongId(value as Document) : value,
      ]),
    ),
  );
  const isOld = message.readInt32LE(12) === OP_QUERY;
  const head = Buffer.alloc(isOld ? HEADER + 20 : HEADER + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(isOld ? OP_REPLY : OP_MSG, 12);
  if (isOld) head.writeInt32LE(1, HEADER + 16);
  return Buffer.concat([head, body]);
}

function withLongId(cursor: Document): Document {
  return { ...cursor, id: mongo.Long.fromBigInt(cursor.id as bigint) };
}
