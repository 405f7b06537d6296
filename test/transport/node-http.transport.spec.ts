import { describe } from 'vitest';
import { useTransport } from './support/setup';

useTransport('node-http.transport');

// What holds of delivery holds whichever client makes the requests.
describe('by node:http', async () => {
  await import('./http.transport.spec.js');
  await import('./answers.spec.js');
  await import('./outage.spec.js');
  await import('./client-reports.spec.js');
  await import('./shutdown.spec.js');
  await import('./spooling.spec.js');
});
