import { expect, it } from 'vitest';
import { newClient } from '../../client/support/new-client';

// In a file of its own: nothing thaws it again.
it('a console that was frozen meanwhile is still written to, and does not keep a client from closing', async () => {
  const { client } = newClient({ breadcrumbSources: { console: true } });
  Object.freeze(console);
  await expect(client.close(0)).resolves.toBe(true);
  expect(() => console.debug('written')).not.toThrow();
});
