import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { parseEnvelope, startReceiver, type Receiver } from './receiver';

let receiver: Receiver | undefined;
afterEach(() => receiver?.close());

const ID = '0123456789abcdef0123456789abcdef';
const ENVELOPE = `{"event_id":"${ID}"}\n{"type":"event","length":20}\n{"message":"grüß"}\n`;

it('reads a gzipped envelope and answers with the id of its event', async () => {
  receiver = await startReceiver();
  const answer = await fetch(`${receiver.url}/api/1/envelope/`, {
    method: 'POST',
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(ENVELOPE),
  });
  expect(await answer.json()).toEqual({ id: ID });
  expect(await receiver.waitForEvents(1)).toEqual([{ message: 'grüß' }]);
});

it('refuses an envelope whose length is in characters', () => {
  expect(() => parseEnvelope(Buffer.from(ENVELOPE.replace('20', '18')))).toThrow();
});

it('keeps what it refused among the requests only', async () => {
  receiver = await startReceiver({ respond: () => ({ status: 500 }) });
  await fetch(`${receiver.url}/api/1/store/`, { method: 'POST', body: '{"message":"m"}' });
  expect(receiver.requests[0].event).toEqual({ message: 'm' });
  expect(receiver.events).toEqual([]);
  await expect(receiver.waitForEvents(1, 10)).rejects.toThrow('0 of 1 events');
});
