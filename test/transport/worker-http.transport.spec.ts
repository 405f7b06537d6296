import { rmSync } from 'node:fs';
import { afterAll, describe, vi } from 'vitest';
import { OWN_FOLDER } from '../../lib/own-folder';
import { useTransport } from './support/setup';

// A thread runs what was compiled.
vi.mock('../../lib/own-folder', async () => {
  const { compileTransport } = await import('./support/compile-transport.js');
  return { OWN_FOLDER: compileTransport() };
});
afterAll(() => rmSync(OWN_FOLDER ?? '', { recursive: true, force: true }));
useTransport('worker-http.transport');

// What holds of delivery holds wherever the requests are made.
describe('by a thread', async () => {
  await import('./http.transport.spec.js');
  await import('./answers.spec.js');
  await import('./outage.spec.js');
  await import('./client-reports.spec.js');
  await import('./shutdown.spec.js');
  await import('./spooling.spec.js');
});
