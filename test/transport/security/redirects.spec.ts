import axios from 'axios';
import { describe, expect, it } from 'vitest';
import { eventEnvelope } from '../support/envelopes';
import { receiverFor, transportFor } from '../support/setup';

const STATUSES = [300, 301, 302, 303, 307, 308];

describe.each([
  ['a client of our own', () => undefined],
  ['an axios instance that follows redirects', () => axios.create({ maxRedirects: 20 })],
  ['configuration that asks for redirects', () => ({ maxRedirects: 20, beforeRedirect: () => undefined })],
])('with %s', (_what, given) => {
  it.each(STATUSES)('a %i to another server is not followed, counted and told', async (status) => {
    const other = await receiverFor();
    const receiver = await receiverFor({
      respond: () => ({
        status,
        headers: {
          Location: `${other.url}/api/1/envelope/`,
          Refresh: `0; url=${other.url}`,
          'Set-Cookie': 'a=b',
        },
      }),
    });
    const { transport, logger } = transportFor(receiver.dsn('1', 'dsn-secret'), { axios: given() });
    for (let n = 0; n < 2; n++) transport.send(eventEnvelope(n));
    expect(await transport.flush(5000)).toBe(true);
    expect(other.requests).toEqual([]);
    expect(await other.connectionCount()).toBe(0);
    expect(receiver.requests).toHaveLength(2);
    // Nothing that an answer sets comes back.
    for (const { headers } of receiver.requests) expect(headers).not.toHaveProperty('cookie');
    expect(transport.discards.take()?.discarded_events).toEqual([
      { reason: 'send_error', category: 'error', quantity: 2 },
    ]);
    expect(logger.loud).toHaveLength(1);
    expect(logger.loud[0]).toContain(`answered ${status}`);
  });
});
