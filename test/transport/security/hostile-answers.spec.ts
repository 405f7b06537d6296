import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventEnvelope } from '../support/envelopes';
import { requiredTransport, transportFor } from '../support/setup';
import { compileLibrary, type ChildApps } from './support/child-app';
import { startRawServer, writeForever, writeSlowly } from './support/raw-server';

const TIMEOUT_MS = 300;
const OK = 'HTTP/1.1 200 OK\r\n';
const BOMB = gzipSync(Buffer.alloc(200_000_000), { level: 9 });

const writes =
  (...parts: (string | Buffer)[]) =>
  (socket: Socket): void => {
    for (const part of parts) socket.write(part);
  };
const ends =
  (...parts: (string | Buffer)[]) =>
  (socket: Socket): void =>
    void socket.end(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
const forever =
  (head: string, chunk: string) =>
  (socket: Socket): void => {
    socket.write(head);
    writeForever(socket, chunk);
  };

/** Whoever got a status has been answered, whatever comes after it. */
const ANSWERED: [string, (socket: Socket) => void][] = [
  ['an endless body', forever(`${OK}\r\n`, 'x'.repeat(10_000))],
  [
    'an endless chunked body',
    forever(`${OK}Transfer-Encoding: chunked\r\n\r\n`, `3e8\r\n${'x'.repeat(1000)}\r\n`),
  ],
  ['more than was announced', writes(`${OK}Content-Length: 2\r\n\r\n`, `{}${'x'.repeat(1000)}`)],
  [
    'a gzip bomb that nobody asked for',
    ends(`${OK}Content-Encoding: gzip\r\nContent-Length: ${BOMB.length}\r\n\r\n`, BOMB),
  ],
  ['broken gzip', ends(`${OK}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope`)],
  [
    'an encoding that nobody knows',
    ends(`${OK}Content-Encoding: x-none, br, br\r\nContent-Length: 4\r\n\r\nnope`),
  ],
  ['garbage in place of chunks', ends(`${OK}Transfer-Encoding: chunked\r\n\r\nZZ\r\nnonsense`)],
  ['a body that is cut', ends(`${OK}Content-Length: 1000\r\n\r\n{"id"`)],
  ['no body and no length', ends(`${OK}\r\n`)],
  ['a status of no content, with content', writes('HTTP/1.1 204 No\r\nContent-Length: 4\r\n\r\nbody')],
  ['two lines of nothing before it', ends(`\r\n\r\n${OK}Content-Length: 0\r\n\r\n`)],
  // The status came, and it is what counts.
  [
    'a body that comes a byte at a time',
    (socket) => writeSlowly(socket, `${OK}Content-Length: 50\r\n\r\n`, 1),
  ],
  ['an announcement of a petabyte', writes(`${OK}Content-Length: 1000000000000000\r\n\r\nx`)],
];

/** Without a status it is as if no answer had come: the event is kept. */
const UNANSWERED: [string, (socket: Socket) => void][] = [
  ['a head that comes a byte at a time', (socket) => writeSlowly(socket, `${OK}\r\n`, 50)],
  ['a length that is no number', writes(`${OK}Content-Length: -5\r\n\r\nx`)],
  ['two lengths', writes(`${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nx`)],
  ['a length and chunks at once', writes(`${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nx`)],
  ['a header line of a megabyte', writes(OK, `X-Long: ${'x'.repeat(1_000_000)}`)],
  ['endless headers', forever(OK, 'X-Header: 1\r\n'.repeat(100))],
  ['a header line with a zero byte', writes(`${OK}X-A: a\0b\r\n\r\n`)],
  ['a header line without a name', writes(`${OK}: value\r\n\r\n`)],
  ['no HTTP', writes('220 mail.example.com ESMTP\r\n\r\n')],
  ['a version that does not exist', writes('HTTP/9.9 200 OK\r\n\r\n')],
  ['a status that is no number', writes('HTTP/1.1 abc OK\r\n\r\n')],
  ['nothing but 1xx', forever('', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100))],
  ['another protocol', writes('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')],
  ['its end', (socket) => void socket.end()],
  ['a reset', (socket) => void socket.resetAndDestroy()],
];

describe('a server that answers with', () => {
  it.each(ANSWERED)(
    '%s has taken the event; the connection is used again or closed',
    async (_what, answer) => {
      const server = await startRawServer(answer);
      const { transport, logger } = transportFor(`http://key@127.0.0.1:${server.port}/1`, {
        // The status must come in time, however busy the machine is.
        timeoutMs: 10 * TIMEOUT_MS,
      });
      transport.send(eventEnvelope(1));
      expect(await transport.flush(20_000)).toBe(true);
      expect([transport.discards.total(), logger.loud]).toEqual([0, []]);
      await transport.close(0);
      await server.allClosed();
      expect(server.received).toHaveLength(1);
    },
  );

  it.each(UNANSWERED)(
    '%s is given up in time; the event is kept, the connection closed',
    async (_what, answer) => {
      const server = await startRawServer(answer);
      const { transport, logger } = transportFor(`http://key@127.0.0.1:${server.port}/1`, {
        timeoutMs: TIMEOUT_MS,
      });
      const startMs = performance.now();
      transport.send(eventEnvelope(1));
      await logger.waitFor(/cannot deliver/);
      expect(performance.now() - startMs).toBeLessThan(TIMEOUT_MS + 4000);
      expect(transport.discards.total()).toBe(0);
      await server.allClosed();
      expect(await transport.close(0)).toBe(false);
    },
  );
});

describe('the memory of a process', () => {
  let children: ChildApps;
  beforeAll(() => {
    children = compileLibrary();
  }, 180_000);
  afterAll(() => children.remove());

  it.each([...ANSWERED, ...UNANSWERED].filter(([what]) => /endless|bomb|1xx|megabyte/.test(what)))(
    'stays as it is with a server that answers with %s',
    async (_what, answer) => {
      const server = await startRawServer(answer);
      const run = await children.run(
        `
      const { parseDsn } = require('./protocol/dsn.js');
      ${requiredTransport()}
      const dsn = parseDsn(process.env.DSN);
      const quiet = { debug() {}, warn() {}, error() {} };
      const send = async (n) => {
        const transport = new HttpTransport({ dsn, logger: quiet, timeoutMs: 200 });
        const payload = { event_id: String(n).padStart(32, '0') };
        await transport.deliver({ headers: payload, items: [{ headers: { type: 'event' }, payload }] }).catch(() => undefined);
        await transport.close(0);
      };
      const alive = setInterval(() => undefined, 1000);
      (async () => {
        for (let n = 0; n < 3; n++) await send(n);
        const before = process.resourceUsage().maxRSS;
        for (let n = 0; n < 30; n++) await send(n);
        log('grown by ' + (process.resourceUsage().maxRSS - before) + ' KiB');
        clearInterval(alive);
      })();
    `,
        { DSN: `http://key@127.0.0.1:${server.port}/1` },
      );
      expect(run).toMatchObject({ code: 0, signal: null });
      const grown = Number(/grown by (\d+) KiB/.exec(run.output)?.[1]);
      expect(grown).toBeLessThan(48 * 1024);
    },
  );
});
