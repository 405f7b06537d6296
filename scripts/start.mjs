// Leaves Spotlight and a sample running until Ctrl-C: `npm start [-- SAMPLE]`, without a name 01-orders.
import { shellLine } from './sample-steps.mjs';
import { readSample, startSample } from './samples.mjs';
import { startSpotlight } from './spotlight.mjs';

const SPOTLIGHT_PORT = Number(process.env.SPOTLIGHT_PORT ?? 8969);
const PORT = Number(process.env.PORT ?? 3000);

const { name, portCount } = await readSample(process.argv[2] ?? '01-orders');
const ports = Array.from({ length: portCount }, (_, index) => PORT + index);
const spotlight = await startSpotlight(SPOTLIGHT_PORT);
const sample = await startSample(name, ports, spotlight.dsn).catch(async (error) => {
  await spotlight.stop();
  throw error;
});
const lines = sample.steps.filter(({ isShown }) => isShown).map((step) => `  ${shellLine(sample, step)}`);

console.log(`
Errors are shown at ${spotlight.url}

The sample ${name} runs at http://localhost:${PORT}; what to look at is in sample/${name}/README.md. Try:
${lines.join('\n')}

Ctrl-C ends both.`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void Promise.all([sample.stop(), spotlight.stop()]);
  });
}
const first = await Promise.race([
  sample.ended.then(() => 'The sample'),
  spotlight.ended.then(() => 'Spotlight'),
]);
if (!stopping) {
  console.error(`${first} ended by itself.`);
  process.exitCode = 1;
  await Promise.all([sample.stop(), spotlight.stop()]);
}
