import axios, { type AxiosAdapter } from 'axios';
import { axiosPackage } from '../../lib/transport/axios-package';
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { eventEnvelope } from './support/envelopes';
import { receiverFor, transportFor } from './support/setup';

describe('an axios instance of the user', () => {
  it('is used with its interceptors, and our settings win over its defaults', async () => {
    const receiver = await receiverFor({
      respond: () => ({ status: 302, headers: { Location: '/elsewhere' } }),
    });
    const instance = axios.create({
      baseURL: 'http://127.0.0.1:9/',
      maxRedirects: 5,
      responseType: 'json',
      headers: { 'X-Gateway': 'yes', Cookie: 'session=1', 'User-Agent': 'theirs', 'Content-Encoding': 'br' },
      validateStatus: () => false,
      maxBodyLength: 10,
    });
    instance.interceptors.request.use((config) => {
      config.headers.set('X-Intercepted', 'yes');
      return config;
    });
    const { transport, logger } = transportFor(receiver.dsn(), { axios: instance });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(receiver.requests.map((request) => request.path)).toEqual(['/api/1/envelope/']);
    const { headers } = receiver.requests[0];
    expect(headers).toMatchObject({
      'x-gateway': 'yes',
      'x-intercepted': 'yes',
      'user-agent': 'nestjs.raven/0.1.0',
    });
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('content-encoding');
    expect(logger.loud[0]).toContain('answered 302');
  });

  it('whose interceptors hang costs no more than the timeout', async () => {
    const receiver = await receiverFor();
    const instance = axios.create();
    instance.interceptors.request.use(() => new Promise(() => undefined));
    const { transport, logger } = transportFor(receiver.dsn(), { axios: instance, timeoutMs: 20 });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/no answer within 20 ms/);
    expect(receiver.requests).toHaveLength(0);
  });

  it.each(['request', 'response'] as const)('may throw anything in a %s interceptor', async (phase) => {
    const receiver = await receiverFor();
    const instance = axios.create();
    const thrown: unknown[] = [null, undefined, 'text', new Error('broken')];
    const fail = (): never => {
      throw thrown.shift();
    };
    instance.interceptors[phase].use(fail);
    const { transport } = transportFor(receiver.dsn(), { axios: instance });
    for (let n = 0; n < 3; n++) {
      await expect(transport.deliver(eventEnvelope(n))).rejects.toThrow('unknown error');
    }
    await expect(transport.deliver(eventEnvelope(3))).rejects.toThrow('broken');
  });

  it('whose interceptors turn a refusal into an error does not make it an outage', async () => {
    const receiver = await receiverFor({ respond: () => ({ status: 403, body: '{"detail":"no"}' }) });
    const instance = axios.create();
    instance.interceptors.response.use((response) => {
      throw Object.assign(new Error('refused'), { response });
    });
    const { transport, logger } = transportFor(receiver.dsn(), { axios: instance });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(logger.loud[0]).toContain('answered 403 (no)');
  });

  it('may bring an adapter of its own', async () => {
    const urls: (string | undefined)[] = [];
    const adapter: AxiosAdapter = (config) => {
      urls.push(config.url);
      return Promise.resolve({ status: 200, statusText: '', headers: {}, config, data: 'any' });
    };
    for (const given of [axios.create({ adapter }), { adapter }]) {
      const { transport } = transportFor('http://key@nowhere.invalid/1', { axios: given });
      transport.send(eventEnvelope(1));
      expect(await transport.flush(5000)).toBe(true);
    }
    expect(urls).toEqual(Array(2).fill('http://nowhere.invalid/api/1/envelope/'));
  });
});

describe('axios configuration of the user', () => {
  it('may name a proxy and headers', async () => {
    const proxy = await receiverFor();
    const config = { proxy: { host: '127.0.0.1', port: proxy.port }, headers: { 'X-Gateway': 'yes' } };
    const { transport } = transportFor('http://key@sentry.invalid/1', { axios: config });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    expect(proxy.requests[0].path).toBe('http://sentry.invalid/api/1/envelope/');
    expect(proxy.requests[0].headers).toMatchObject({ host: 'sentry.invalid', 'x-gateway': 'yes' });
  });
});

describe("axios's global defaults", () => {
  // An app in CommonJS has the same copy as the library, one in ESM another.
  const copies = [axios, axiosPackage().default];
  afterEach(() => {
    for (const { defaults } of copies) delete defaults.headers.common['Authorization'];
  });

  it('do not reach the error server: they may hold tokens of the application', async () => {
    for (const { defaults } of copies) {
      defaults.headers.common['Authorization'] = 'Bearer token-of-the-app';
    }
    const receiver = await receiverFor();
    for (const given of [undefined, { headers: { 'X-Gateway': 'yes' } }]) {
      const { transport } = transportFor(receiver.dsn(), { axios: given });
      transport.send(eventEnvelope(1));
      await transport.flush(5000);
    }
    expect(receiver.requests).toHaveLength(2);
    for (const request of receiver.requests) expect(request.headers).not.toHaveProperty('authorization');
  });
});

it("delivery does not run in the reporting request's async context", async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const receiver = await receiverFor();
  const instance = axios.create();
  instance.interceptors.request.use((config) => {
    seen.push(storage.getStore());
    return config;
  });
  const { transport } = transportFor(receiver.dsn(), { axios: instance });
  await storage.run('request 1', async () => {
    transport.send(eventEnvelope(1));
    await transport.flush(5000);
    await transport.deliver(eventEnvelope(2));
  });
  expect(seen).toEqual([undefined, undefined]);
});
