// One process measures one way of delivery once: node measure.mjs <way> <bytes> <count> <url>.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { mainThreadCpuUs } from '../main-thread-cpu.mjs';
import { typicalEvent } from './typical-event.mjs';
import { WAYS } from './ways.mjs';

const WARM_UP = 1000;
const CONCURRENCY = 8;
const [, , way, bytes, count, url] = process.argv;
const rssBefore = process.memoryUsage.rss();
const deliver = WAYS[way](url);
const event = typicalEvent(Number(bytes));

async function deliverAll(quantity) {
  let left = quantity;
  let delivered = 0;
  const one = async () => {
    while (left-- > 0) {
      if ((await deliver({ ...event })) === 200) delivered += 1;
      // Errors come by turns of the event loop, not all in one.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, one));
  return delivered;
}

// Our sender's sockets keep no process alive.
setInterval(() => undefined, 1000);
await deliverAll(WARM_UP);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const cpu = process.cpuUsage();
const mainCpu = mainThreadCpuUs();
const loop = performance.eventLoopUtilization();
const delivered = await deliverAll(Number(count));
const mainEnd = mainThreadCpuUs();
const { active } = performance.eventLoopUtilization(loop);
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    cpuUs: (user + system) / Number(count),
    mainCpuUs: mainCpu === undefined ? null : (mainEnd - mainCpu) / Number(count),
    activeUs: (active * 1000) / Number(count),
    delayP99Ms: delay.percentile(99) / 1e6,
    rssMb: (process.memoryUsage.rss() - rssBefore) / 2 ** 20,
    lost: Number(count) - delivered,
  }),
);
process.exit();
