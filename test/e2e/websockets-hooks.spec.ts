import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageScripts, type Run, type Scripts } from '../integrations/support/scripts';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';

/**
 * An app with one gateway, in a process of its own: errors of hooks are nobody's, and end it. `HOOKS` are the gateway's
 * methods, `PLATFORM` is socket.io or ws; the client says `hello` where nothing has ended before.
 */
const APP = `
require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { SubscribeMessage, WebSocketGateway, WsException } = require('@nestjs/websockets');
const remember = (tag) => DSN && app.get(raven.RavenClient).tagsContext({ [tag]: 'yes' });
let app;
const say = (line) => console.log(line);
class Gateway {
  HOOKS
  hello() { say('hello'); throw new Error('hello fails'); }
}
Reflect.decorate([SubscribeMessage('hello')], Gateway.prototype, 'hello', Object.getOwnPropertyDescriptor(Gateway.prototype, 'hello'));
WebSocketGateway()(Gateway);
class App {}
const imports = DSN ? [raven.RavenModule.forRoot({ dsn: DSN, includeVersions: false, shutdownTimeoutMs: 15_000 })] : [];
Module({ imports, providers: [Gateway] })(App);
async function connect() {
  const port = app.getHttpServer().address().port;
  if (PLATFORM === 'ws') {
    const { WebSocket } = require('ws');
    const socket = new WebSocket('ws://127.0.0.1:' + port, { headers: { 'x-tenant': 'acme' } });
    await new Promise((resolve) => socket.once('open', resolve));
    return {
      close: () => socket.close(),
      hello: () => new Promise((resolve) => {
        socket.on('message', resolve);
        socket.send(JSON.stringify({ event: 'hello' }));
      }),
    };
  }
  const socket = require('socket.io-client').io('http://127.0.0.1:' + port, { transports: ['websocket'], extraHeaders: { 'x-tenant': 'acme' }, reconnection: false });
  await new Promise((resolve) => socket.once('connect', resolve));
  return {
    close: () => socket.disconnect(),
    hello: () => new Promise((resolve) => { socket.once('exception', resolve); socket.emit('hello'); }),
  };
}
async function start() {
  app = await NestFactory.create(App, { logger: false, abortOnError: false });
  if (PLATFORM === 'ws') app.useWebSocketAdapter(new (require('@nestjs/platform-ws').WsAdapter)(app));
  await app.listen(0, '127.0.0.1');
}
`;

let scripts: Scripts;
let receiver: Receiver;
beforeAll(() => {
  scripts = packageScripts();
});
afterAll(() => scripts.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

interface Parts {
  platform?: string;
  /** Methods of the gateway. */
  hooks: string;
  /** What the process does. */
  run: string;
}

/** Runs the app with the module and without. */
async function compare({ platform = 'socket.io', hooks, run }: Parts): Promise<[Run, Run]> {
  const source = `const PLATFORM = '${platform}';${APP.replace('HOOKS', hooks)}\n${run}`;
  return Promise.all([scripts.run(source), scripts.run(source, receiver.dsn())]);
}

/** The line that Node prints of an error that ends the process. */
function lastWords({ stderr }: Run): string | undefined {
  return /^(\w*(Error|Exception)\b.*|Uncaught:?\n.*)$/m.exec(stderr)?.[0];
}

const CONNECT = 'start().then(connect);';
const DISCONNECT = 'start().then(connect).then((socket) => { socket.close(); });';

describe.each(['socket.io', 'ws'])('what nobody takes of a gateway over %s', (platform) => {
  it.each([
    ['handleConnection', CONNECT, "handleConnection() { remember('here'); throw new RangeError('boom'); }"],
    [
      'handleConnection',
      CONNECT,
      "async handleConnection() { remember('here'); await null; throw new RangeError('boom'); }",
    ],
    [
      'handleDisconnect',
      DISCONNECT,
      "handleConnection() { remember('here'); } handleDisconnect() { throw new RangeError('boom'); }",
    ],
    [
      'handleDisconnect',
      DISCONNECT,
      "handleConnection() { remember('here'); } async handleDisconnect() { await null; throw new RangeError('boom'); }",
    ],
    [
      'handleConnection',
      CONNECT,
      "handleConnection = () => { remember('here'); throw new RangeError('boom'); }",
    ],
  ])(
    'is reported once with the connection, and ends the process as without: %s',
    async (hook, run, hooks) => {
      const [plain, reporting] = await compare({ platform, hooks, run });
      expect(plain).toMatchObject({ code: 1, signal: null });
      expect(reporting).toMatchObject({ code: 1, signal: null, stdout: plain.stdout });
      expect(lastWords(plain)).toBe('RangeError: boom');
      expect(lastWords(reporting)).toBe('RangeError: boom');

      expect(receiver.events).toHaveLength(1);
      const [event] = receiver.events;
      expect(errorOf(event)).toBe('boom');
      expect(event.transaction).toBe(`Gateway.${hook}`);
      expect(event.tags).toEqual({ here: 'yes' });
      expect(event.request.headers['x-tenant']).toBe('acme');
      const { mechanism } = event.exception.values.at(-1)!;
      expect(mechanism).toMatchObject({ type: 'auto.ws.nestjs', handled: false });
    },
  );
});

describe('what nobody takes of a gateway', () => {
  it.each([
    ["afterInit() { throw new RangeError('boom'); }"],
    ["async afterInit() { await null; throw new RangeError('boom'); }"],
  ])('is reported from afterInit, too, and ends the process as without: %s', async (hooks) => {
    const [plain, reporting] = await compare({ hooks, run: 'start();' });
    expect(plain).toMatchObject({ code: 1, signal: null });
    expect(reporting).toMatchObject({ code: 1, signal: null, stdout: plain.stdout });
    expect(lastWords(reporting)).toBe(lastWords(plain));
    expect(receiver.events.map(errorOf)).toEqual(['boom']);
    expect(receiver.events[0].transaction).toBe('Gateway.afterInit');
  });

  it('is reported even where its type is meant for the caller: no filter is asked', async () => {
    const [plain, reporting] = await compare({
      hooks: "handleConnection() { throw new WsException('who are you'); }",
      run: CONNECT,
    });
    expect(reporting.code).toBe(plain.code);
    expect(receiver.events.map(errorOf)).toEqual(['who are you']);
  });

  it.each(["throw 'boom';", "return Promise.reject('boom');"])(
    'is reported once though it is no error: %s',
    async (fail) => {
      const [plain, reporting] = await compare({
        hooks: `handleConnection() { remember('here'); ${fail} }`,
        run: CONNECT,
      });
      expect(reporting.code).toBe(plain.code);
      expect(receiver.events.map(({ tags }) => tags)).toEqual([{ here: 'yes' }]);
    },
  );

  it('goes on to listeners of the app as it is, and the gateway goes on as well', async () => {
    const [plain, reporting] = await compare({
      hooks: "handleConnection() { throw new RangeError('boom'); }",
      run: `process.on('uncaughtException', (error, origin) => say(error.message + ' ' + origin));
        start().then(connect).then((socket) => socket.hello())
          .then(() => app.close()).then(() => process.exit(0));`,
    });
    expect(plain.stdout).toBe('boom uncaughtException\nhello\n');
    expect(reporting).toMatchObject({ code: 0, stdout: plain.stdout });
    expect(receiver.events.map(errorOf).sort()).toEqual(['boom', 'hello fails']);
  });
});
