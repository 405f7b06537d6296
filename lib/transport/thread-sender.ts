// Run by `delivery-thread.ts` as a thread of its own: makes one attempt for each body that it is given, and tells how it
// ended. It keeps nothing; who gave it does.
import { parentPort, workerData } from 'node:worker_threads';
import { nodeHttpClient } from './http-clients';
import { HttpSender } from './http-sender';
import type { FromThread, ThreadData, ThreadTask } from './delivery-thread';
import { setTimer } from './set-timer';

const { target, maxSockets, timeoutMs } = workerData as ThreadData;
const sender = new HttpSender({
  target,
  client: nodeHttpClient({ target, maxSockets }),
  timeoutMs,
  setTimer,
  wallClock: Date.now,
});
const tell = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on('message', ({ id, body }: ThreadTask) => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  void sender.sendBody(bytes).then((result) => tell({ id, result }));
});
tell('ready');
sender.warmUp();
