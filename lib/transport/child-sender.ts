// Run by `deliver-in-child.ts` as a process of its own: makes one attempt for each envelope of its standard input and
// writes a line for each that arrived.
import { readFileSync } from 'node:fs';
import { itemCategory } from '../protocol/item-category';
import type { ChildTask } from './deliver-in-child';
import { nodeHttpClient } from './http-clients';
import { HttpSender } from './http-sender';
import { setTimer } from './set-timer';

const MAX_CONCURRENCY = 8;

async function main(): Promise<void> {
  const { target, timeoutMs, deliveries } = JSON.parse(readFileSync(0, 'utf8')) as ChildTask;
  const sender = new HttpSender({
    target,
    client: nodeHttpClient({ target, maxSockets: MAX_CONCURRENCY }),
    timeoutMs,
    setTimer: (callback, delayMs) => setTimer(callback, delayMs, true),
    wallClock: Date.now,
  });
  const worker = async (): Promise<void> => {
    for (let task = deliveries.shift(); task; task = deliveries.shift()) {
      const items = task.items.map(({ type, bytes, payloadLength }) => {
        const all = Buffer.from(bytes, 'base64');
        const payload = all.subarray(all.byteLength - payloadLength - 1, all.byteLength - 1);
        return { type, category: itemCategory(type), quantity: 1, bytes: all, payload };
      });
      const result = await sender.send({ headers: task.headers, items });
      const hasArrived = 'status' in result && result.status >= 200 && result.status < 300;
      if (hasArrived) process.stdout.write(`${task.quantity}\n`);
    }
  };
  await Promise.all(Array.from({ length: MAX_CONCURRENCY }, worker));
  sender.close();
}

void main();
