import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spoolName, type SpoolName } from '../../../lib/transport/spool/spool-name';
import { WaitingList } from '../../../lib/transport/spool/waiting-list';

const names = fc
  .array(fc.record({ createdMs: fc.nat(5), rank: fc.nat(3), bytes: fc.nat(9) }), { maxLength: 30 })
  .map((all) =>
    all.map((parts, sequence) => spoolName({ ...parts, sequence, writer: '0123456789ab', quantity: 1 })),
  );
const age = (a: SpoolName, b: SpoolName): number => a.createdMs - b.createdMs || a.sequence - b.sequence;
const texts = (all: SpoolName[]): string[] => all.map(({ text }) => text);

function takeAll(take: () => SpoolName | undefined): SpoolName[] {
  const taken: SpoolName[] = [];
  for (let name = take(); name !== undefined; name = take()) taken.push(name);
  return taken;
}

it('gives out the oldest of the most important, or of the least, however it was filled', () => {
  fc.assert(
    fc.property(names, fc.nat(30), (all, at) => {
      const fill = (): WaitingList => {
        const list = new WaitingList();
        [...all.slice(at), ...all].forEach((name) => list.add(name));
        return list;
      };
      const next = fill();
      expect(next.length).toBe(all.length);
      expect(next.bytes).toBe(all.reduce((sum, { bytes }) => sum + bytes, 0));
      const byImportance = [...all].sort((a, b) => b.rank - a.rank || age(a, b));
      expect(texts(takeAll(() => next.takeNext()))).toEqual(texts(byImportance));
      expect([next.length, next.bytes]).toEqual([0, 0]);
      const least = fill();
      const byUnimportance = [...all].sort((a, b) => a.rank - b.rank || age(a, b));
      expect(texts(takeAll(() => least.takeLeast()))).toEqual(texts(byUnimportance));
    }),
  );
});

it('gives out all that is too old at once', () => {
  fc.assert(
    fc.property(names, fc.nat(6), (all, createdMs) => {
      const list = new WaitingList();
      all.forEach((name) => list.add(name));
      const old = all.filter((name) => name.createdMs < createdMs);
      expect(texts(list.takeOlderThan(createdMs)).sort()).toEqual(texts(old).sort());
      expect(list.length).toBe(all.length - old.length);
    }),
  );
});

it('keeps what is there still, and goes on as if the rest had never been', () => {
  fc.assert(
    fc.property(names, fc.nat(10), fc.func(fc.boolean()), (all, taken, isThere) => {
      const list = new WaitingList();
      all.forEach((name) => list.add(name));
      const gone = new Set(Array.from({ length: taken }, () => list.takeNext()?.text));
      const rest = all.filter(({ text }) => !gone.has(text) && isThere(text));
      list.keep(new Set([...texts(rest), 'something else']));
      expect([list.length, list.bytes]).toEqual([
        rest.length,
        rest.reduce((sum, { bytes }) => sum + bytes, 0),
      ]);
      expect(all.filter(({ text }) => list.has(text))).toEqual(rest);
      const byImportance = [...rest].sort((a, b) => b.rank - a.rank || age(a, b));
      expect(texts(takeAll(() => list.takeNext()))).toEqual(texts(byImportance));
    }),
  );
});

it('holds nothing but what waits, however much has passed through it', () => {
  const list = new WaitingList();
  let expected = 0;
  for (let sequence = 0; sequence < 5000; sequence += 1) {
    list.add(spoolName({ createdMs: 1, rank: 1, sequence, writer: '0123456789ab', bytes: 1, quantity: 1 }));
    if (sequence < 250) continue;
    expect(list.takeNext()?.sequence).toBe(expected);
    expected += 1;
  }
  expect([list.length, list.bytes]).toEqual([250, 250]);
});
