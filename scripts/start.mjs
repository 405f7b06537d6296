// Leaves Spotlight and the orders sample running until Ctrl-C.
import { startOrdersSample } from './orders-sample.mjs';
import { startSpotlight } from './spotlight.mjs';

const SPOTLIGHT_PORT = Number(process.env.SPOTLIGHT_PORT ?? 8969);
const PORT = Number(process.env.PORT ?? 3000);

const spotlight = await startSpotlight(SPOTLIGHT_PORT);
const app = await startOrdersSample(PORT, spotlight.dsn).catch(async (error) => {
  await spotlight.stop();
  throw error;
});

console.log(`
Errors are shown at ${spotlight.url}

The orders app runs at ${app.url}. Try:
  curl -i -H 'X-Customer: grace' ${app.url}/orders/2/label
  curl -i -H 'X-Customer: ada' ${app.url}/orders/1/archived
  curl -i -H 'X-Customer: linus' --json '{"card":"4012 8888 8888 1881","password":"hunter2"}' ${app.url}/orders/3/payment

Ctrl-C ends both.`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void Promise.all([app.stop(), spotlight.stop()]);
  });
}
const first = await Promise.race([
  app.ended.then(() => 'The orders app'),
  spotlight.ended.then(() => 'Spotlight'),
]);
if (!stopping) {
  console.error(`${first} ended by itself.`);
  process.exitCode = 1;
  await Promise.all([app.stop(), spotlight.stop()]);
}
