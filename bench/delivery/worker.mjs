// The thread that packs and sends what it is given.
import { parentPort, workerData } from 'node:worker_threads';
import { leanPost } from './lean-post.mjs';
import { PACKINGS } from './packing.mjs';

const { url, packing } = workerData;
const pack = PACKINGS[packing];

parentPort.on('message', async ({ id, event, text, bytes }) => {
  const body = await pack(bytes ?? Buffer.from(text ?? JSON.stringify(event)));
  parentPort.postMessage({ id, status: await leanPost(url, body, pack !== PACKINGS.none) });
});
