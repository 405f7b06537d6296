import { afterEach, expect, it, vi } from 'vitest';
import { SpoolFolder } from '../../../lib/transport/spool/spool-folder';
import { idOf } from '../support/envelopes';
import { drain, eventContent, filesIn, newFolder, openSpool } from './support/spools';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Has a method of the folder's take until it is told to go on; the work itself is done before or after. */
function hold(method: 'write' | 'rename', when: 'before' | 'after'): () => void {
  let goOn = (): void => undefined;
  const isOver = new Promise<void>((resolve) => (goOn = resolve));
  const original = SpoolFolder.prototype[method] as (...args: unknown[]) => Promise<never>;
  vi.spyOn(SpoolFolder.prototype, method).mockImplementationOnce(async function (
    this: SpoolFolder,
    ...args: unknown[]
  ) {
    if (when === 'before') await isOver;
    const result = await original.apply(this, args);
    if (when === 'after') await isOver;
    return result;
  });
  return goOn;
}

it('what is claimed while somebody looks into the folder is not taken for what another process took', async () => {
  const moved: number[] = [];
  const { spool, time } = await openSpool(newFolder(), { moved: (quantity) => moved.push(quantity) });
  await spool.put(eventContent(1));
  const goOn = hold('rename', 'before');
  const taking = spool.take();
  time.advance(6000);
  // This one looks, and finds the first where it was.
  await spool.put(eventContent(2));
  goOn();
  const taken = await taking;
  expect(taken?.content.headers.event_id).toBe(idOf(1));
  if (taken) await spool.remove(taken.claim);
  expect(await drain(spool)).toEqual([idOf(2)]);
  expect(moved).toEqual([]);
});

it('what the disk is not done with is not read yet, nor taken for what another process took', async () => {
  const moved: number[] = [];
  const directory = newFolder();
  const { spool } = await openSpool(directory, { moved: (quantity) => moved.push(quantity) });
  const goOn = hold('write', 'after');
  const putting = spool.put(eventContent(1));
  while (filesIn(directory, '.envelope').length === 0) await new Promise(setImmediate);
  const early = await drain(spool);
  goOn();
  expect(await putting).toBe(true);
  expect([...early, ...(await drain(spool))]).toEqual([idOf(1)]);
  expect(await spool.take()).toBeUndefined();
  expect(moved).toEqual([]);
});
