import axios, { AxiosError } from 'axios';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../support/free-port';
import { thrownBy, toldOf } from './support/told-of';

describe('an error of axios', () => {
  const server = createServer((request, response) => {
    request.resume();
    if (request.url?.startsWith('/slow')) return;
    response.writeHead(422, {
      'content-type': 'application/json',
      'x-request-id': 'r-7',
      'set-cookie': 'session=s3cret',
    });
    response.end(
      JSON.stringify({ error: { code: 'card', holder: 'Jane Doe' }, items: [{ sku: 1 }, { sku: 2 }] }),
    );
  });
  let base: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const request = (): Promise<unknown> =>
    thrownBy(() =>
      axios.post(
        '/charges?expand=customer&token=t0ken',
        { card: '4242', holder: 'Jane Doe' },
        {
          baseURL: base.replace('//', '//user:pa55@'),
          params: { api_key: 'k3y', page: 2 },
          headers: { Authorization: 'Bearer be4rer', 'X-Custom': 'cust0m' },
          auth: { username: 'admin', password: 'hunter2' },
          timeout: 5000,
        },
      ),
    );

  it('tells the request and the answer, but no secret and nothing that was sent', async () => {
    const { contexts, text } = toldOf(await request());
    expect(contexts.AxiosError).toEqual({
      method: 'POST',
      url: `${base}/charges?expand=customer&token=********&api_key=********&page=2`,
      code: 'ERR_BAD_REQUEST',
      timeout: 5000,
      status: 422,
      statusText: 'Unprocessable Entity',
      headers: { 'content-type': 'application/json', 'x-request-id': 'r-7' },
      responseFields: ['error.code', 'error.holder', 'items[].sku'],
    });
    expect(text).not.toMatch(/t0ken|k3y|be4rer|cust0m|hunter2|pa55|admin|4242|Jane|s3cret|socket/);
  });

  it('tells what was answered where personal data may be told', async () => {
    const { contexts, text } = toldOf(await request(), { sendDefaultPii: true });
    expect(contexts.AxiosError.response).toEqual({
      error: { code: 'card', holder: 'Jane Doe' },
      items: [{ sku: 1 }, { sku: 2 }],
    });
    expect(text).not.toMatch(/t0ken|k3y|be4rer|cust0m|hunter2|pa55|4242|s3cret/);
  });

  it('masks secrets by itself, whatever the processors', async () => {
    const { text } = toldOf(await request(), { processors: [] });
    expect(text).not.toMatch(/t0ken|k3y|be4rer|cust0m|hunter2|pa55|4242|s3cret/);
  });

  it('that had no answer tells what the system says of the reason', async () => {
    const port = await freePort();
    const { contexts } = toldOf(await thrownBy(() => axios.get(`http://127.0.0.1:${port}/orders`)));
    expect(contexts.AxiosError).toEqual({
      method: 'GET',
      url: `http://127.0.0.1:${port}/orders`,
      code: 'ECONNREFUSED',
    });
    expect(contexts.Error).toMatchObject({
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address: '127.0.0.1',
      port,
    });
  });

  it('that took too long tells how long', async () => {
    const { contexts } = toldOf(await thrownBy(() => axios.get(`${base}/slow`, { timeout: 20 })));
    expect(contexts.AxiosError).toMatchObject({ code: 'ECONNABORTED', timeout: 20 });
  });

  it('that the app made itself tells what there is', () => {
    expect(toldOf(new AxiosError('failed')).contexts.AxiosError).toBeUndefined();
    expect(toldOf(new AxiosError('failed', 'ERR_X')).contexts.AxiosError).toEqual({ code: 'ERR_X' });
  });
});
