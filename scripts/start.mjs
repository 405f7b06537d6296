// Leaves Spotlight and a sample running until Ctrl-C: `node scripts/start.mjs [sample]`.
import { startSample } from './samples.mjs';
import { startSpotlight } from './spotlight.mjs';

const SAMPLE = process.argv[2] ?? '01-orders';
const SPOTLIGHT_PORT = Number(process.env.SPOTLIGHT_PORT ?? 8969);
const PORT = Number(process.env.PORT ?? 3000);

const TRY = {
  '01-orders': (url) => `  curl -i -H 'X-Customer: grace' ${url}/orders/2/label
  curl -i -H 'X-Customer: ada' ${url}/orders/1/archived
  curl -i -H 'X-Customer: linus' --json '{"card":"4012 8888 8888 1881","password":"hunter2"}' ${url}/orders/3/payment`,
  '02-contexts': (url) => `  curl -i ${url}/orders/1
  curl -i --json '{"query":"query Price { price(sku: \\"A-17\\") }"}' ${url}/graphql
  curl -i -X POST ${url}/jobs
  curl -i -X POST ${url}/events
  curl -i -X POST ${url}/cqrs`,
};

const spotlight = await startSpotlight(SPOTLIGHT_PORT);
const app = await startSample(SAMPLE, PORT, spotlight.dsn).catch(async (error) => {
  await spotlight.stop();
  throw error;
});

console.log(`
Errors are shown at ${spotlight.url}

The sample ${SAMPLE} runs at ${app.url}. Try:
${TRY[SAMPLE](app.url)}

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
  app.ended.then(() => 'The sample'),
  spotlight.ended.then(() => 'Spotlight'),
]);
if (!stopping) {
  console.error(`${first} ended by itself.`);
  process.exitCode = 1;
  await Promise.all([app.stop(), spotlight.stop()]);
}
