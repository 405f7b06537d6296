import { basename, join, normalize } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claimedName,
  leaseName,
  readEntry,
  spoolName,
  writingName,
  type SpoolName,
} from '../../../lib/transport/spool/spool-name';
import { SpoolOwner } from '../../../lib/transport/spool/spool-owner';

const number = fc.oneof(fc.nat(), fc.integer(), fc.double(), fc.maxSafeInteger());
const name = fc
  .record({
    createdMs: number,
    rank: number,
    sequence: fc.nat(2 ** 31 - 1),
    eventId: fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.uuid(), fc.constant('../../etc/passwd')), {
      nil: undefined,
    }),
    bytes: number,
    quantity: number,
  })
  .map((parts) => spoolName({ ...parts, writer: '0123456789ab' }));
const owner = fc
  .record({ host: fc.string({ unit: 'binary' }), pid: fc.nat(2 ** 31 - 1) })
  .map((process) => new SpoolOwner({ ...process, isAlive: () => true }).text);

/** All the names that a spool makes. */
const made = fc
  .tuple(name, owner)
  .chain(([each, by]) =>
    fc.constantFrom(each.text, claimedName(each, by), writingName(each, by), leaseName(by)),
  );
/** Names as an attacker would vary them, and any others. */
const found = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .tuple(
      made,
      fc.nat(200),
      fc.nat(3),
      fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('\n', '/', '\\', '..', '\0')),
    )
    .map(([text, at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut)),
);

function writtenAgain(text: string): string | undefined {
  const entry = readEntry(text);
  if (entry === undefined) return undefined;
  if (entry.kind === 'lease') return leaseName(entry.owner);
  const again: SpoolName = spoolName({ ...entry.name, eventId: entry.name.id });
  expect(again).toEqual(entry.name);
  if (entry.kind === 'waiting') return again.text;
  return entry.kind === 'claimed' ? claimedName(again, entry.owner) : writingName(again, entry.owner);
}

describe('the name of a file', () => {
  it('is read back as it was made, whatever it was made of', () => {
    fc.assert(
      fc.property(name, owner, (each, by) => {
        expect(readEntry(each.text)).toEqual({ kind: 'waiting', name: each });
        expect(readEntry(claimedName(each, by))).toEqual({ kind: 'claimed', name: each, owner: by });
        expect(readEntry(writingName(each, by))).toEqual({ kind: 'writing', name: each, owner: by });
        expect(readEntry(leaseName(by))).toEqual({ kind: 'lease', owner: by });
      }),
    );
  });

  it('is one that the spool makes, or not read at all', () => {
    fc.assert(
      fc.property(found, (text) => {
        expect([undefined, text]).toContain(writtenAgain(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('stays in its folder, on any system', () => {
    fc.assert(
      fc.property(fc.oneof(made, found), (text) => {
        if (readEntry(text) === undefined) return;
        expect(text).toMatch(/^[0-9a-z.-]+$/);
        expect(basename(normalize(join('/spool', text)))).toBe(text);
        expect(text).not.toContain('..');
        // Encrypted file systems allow no more.
        expect(text.length).toBeLessThanOrEqual(143);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps what it tells within its bounds', () => {
    const { text, ...parts } = spoolName({
      createdMs: Number.NaN,
      rank: 1000,
      sequence: 100_000_001,
      writer: '0123456789ab',
      eventId: '0123ABCD-0123-0123-0123-0123456789AB',
      bytes: -1,
      quantity: Number.POSITIVE_INFINITY,
    });
    expect(parts).toEqual({
      createdMs: 0,
      rank: 99,
      sequence: 1,
      writer: '0123456789ab',
      id: '0123abcd0123012301230123456789ab',
      bytes: 0,
      quantity: 999_999,
    });
    expect(text).toBe(
      '0000000000000-99-00000001-0123456789ab-0123abcd0123012301230123456789ab-0000000000-999999.envelope',
    );
  });

  it('is another one each time, where there is no id of an event', () => {
    const parts = { createdMs: 1, rank: 1, sequence: 1, writer: '0123456789ab', bytes: 1, quantity: 1 };
    expect(spoolName(parts).text).not.toBe(spoolName(parts).text);
  });
});
