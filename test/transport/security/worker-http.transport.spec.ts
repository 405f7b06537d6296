import { rmSync } from 'node:fs';
import { afterAll, describe, vi } from 'vitest';
import { OWN_FOLDER } from '../../../lib/own-folder';
import { useTransport } from '../support/setup';

// A thread runs what was compiled.
vi.mock('../../../lib/own-folder', async () => {
  const { compileTransport } = await import('../support/compile-transport.js');
  return { OWN_FOLDER: compileTransport() };
});
afterAll(() => rmSync(OWN_FOLDER ?? '', { recursive: true, force: true }));
useTransport('worker-http.transport');

// A server, or whoever stands in its place, can do no more harm by a thread than by axios.
describe('by a thread', async () => {
  await import('./hostile-answers.spec.js');
  await import('./redirects.spec.js');
  await import('./tls.spec.js');
  await import('../exit.spec.js');
});
