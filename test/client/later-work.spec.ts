import { describe, expect, it } from 'vitest';
import { LaterWork } from '../../lib/client/later-work';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work that is put off', () => {
  it('is done in a later turn of the event loop, in order', async () => {
    const done: number[] = [];
    const later = new LaterWork();
    for (const number of [1, 2, 3]) later.add(() => done.push(number));
    expect(done).toEqual([]);
    expect(later.pending).toBe(3);
    await turn();
    expect(done).toEqual([1, 2, 3]);
    expect(later.pending).toBe(0);
  });

  it('leaves the event loop to others after some milliseconds', async () => {
    const done: string[] = [];
    let nowMs = 0;
    const later = new LaterWork(() => nowMs);
    for (const name of ['first', 'second', 'third']) {
      later.add(() => {
        nowMs += 2;
        done.push(name);
      });
    }
    setImmediate(() => done.push('another'));
    await turn();
    await turn();
    expect(done).toEqual(['first', 'second', 'another', 'third']);
  });

  it('is done at once where somebody waits for it', () => {
    const done: number[] = [];
    const later = new LaterWork();
    later.add(() => done.push(1));
    later.finish();
    expect(done).toEqual([1]);
    expect(later.pending).toBe(0);
  });

  it('is done at once where too much waits, so that memory is bounded', () => {
    let done = 0;
    const later = new LaterWork();
    for (let count = 0; count < 150; count++) later.add(() => done++);
    expect(done).toBe(50);
    expect(later.pending).toBe(100);
    later.finish();
    expect(done).toBe(150);
  });
});
