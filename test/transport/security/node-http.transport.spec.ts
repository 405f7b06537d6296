import { describe } from 'vitest';
import { useTransport } from '../support/setup';

useTransport('node-http.transport');

// A server, or whoever stands in its place, can do no more harm by this client than by axios.
describe('by node:http', async () => {
  await import('./hostile-answers.spec.js');
  await import('./redirects.spec.js');
  await import('./tls.spec.js');
  await import('../exit.spec.js');
});
