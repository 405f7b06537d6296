import { describe, expect, it } from 'vitest';
import { FrameSources } from '../../lib/client/frame-sources';
import type { RavenEvent, StackFrame } from '../../lib/protocol/event';
import type { FileText, Found, SourceReader } from '../../lib/sources/read-source';
import { errorAt, numbered, sourceFolder } from '../sources/support/source-folder';

/** A disk that answers when it is told to, and a clock that passes when it is told to. */
class SlowDisk implements SourceReader {
  readonly asked: string[] = [];
  readonly timers: (() => void)[] = [];
  now = 1_000_000;
  private readonly waiting = new Map<string, (found: Found) => void>();

  read(path: string): Promise<Found> {
    this.asked.push(path);
    return new Promise((resolve) => this.waiting.set(path, resolve));
  }

  readNow(path: string): Found {
    this.asked.push(`${path} now`);
    return text(numbered(20));
  }

  answer(path: string, found: Found = text(numbered(20))): void {
    this.waiting.get(path)?.(found);
    this.waiting.delete(path);
  }

  sources(): FrameSources {
    return new FrameSources(
      {
        frames: { root: '/app', includePaths: [], excludePaths: [], ownDirectory: '/raven' },
        contextLines: 5,
        sourceMaps: false,
        now: () => this.now,
        program: undefined,
        reader: this,
      },
      (callback) => {
        this.timers.push(callback);
        return () => undefined;
      },
    );
  }
}

function text(content: string): FileText {
  return { text: content, isWhole: true, mtimeMs: 1, size: content.length };
}

function eventOf(...paths: string[]): { event: RavenEvent; frames: StackFrame[] } {
  const frames = paths.map((abs_path): StackFrame => ({
    abs_path,
    filename: abs_path,
    lineno: 10,
    in_app: true,
  }));
  const values = [{ type: 'Error', stacktrace: { frames } }];
  return { event: { exception: { values } } as unknown as RavenEvent, frames };
}

describe('an event whose source lines have to be read', () => {
  it('waits for them, and files that several want are read once', async () => {
    const disk = new SlowDisk();
    const sources = disk.sources();
    const [first, second] = [eventOf('/app/a.js'), eventOf('/app/a.js')];
    const enriched = [sources.enrich(first.event), sources.enrich(second.event)];
    expect(disk.asked).toEqual(['/app/a.js']);
    disk.answer('/app/a.js');
    for (const enriching of enriched) await enriching;
    for (const { frames } of [first, second]) expect(frames[0].context_line).toBe('line 10');
  });

  it('does not wait for a disk that hangs for ever, nor does any after it', async () => {
    const disk = new SlowDisk();
    const sources = disk.sources();
    const first = eventOf('/app/a.js', '/app/b.js', '/app/c.js');
    const enriching = sources.enrich(first.event);
    // Two threads are left to the app.
    expect(disk.asked).toEqual(['/app/c.js', '/app/b.js']);
    disk.answer('/app/c.js');
    await expect.poll(() => disk.asked).toHaveLength(3);
    disk.timers[0]();
    await enriching;
    expect(first.frames.map(({ context_line }) => context_line)).toEqual([undefined, undefined, 'line 10']);

    const second = eventOf('/app/a.js', '/app/b.js');
    expect(sources.enrich(second.event)).toBeUndefined();
    const third = eventOf('/app/d.js');
    await sources.enrich(third.event);
    expect(disk.asked).toHaveLength(3);

    disk.answer('/app/a.js');
    await new Promise(setImmediate);
    disk.now += 60_000;
    const later = eventOf('/app/d.js');
    const enrichingLater = sources.enrich(later.event);
    disk.answer('/app/d.js');
    await enrichingLater;
    expect(later.frames[0].context_line).toBe('line 10');
  });

  it('gets them at once when the process ends, and nothing after', async () => {
    const disk = new SlowDisk();
    const sources = disk.sources();
    const { event, frames } = eventOf('/app/a.js');
    const enriching = sources.enrich(event);
    sources.enrichNow(event);
    expect(frames[0].context_line).toBe('line 10');
    frames[0].context_line = 'seen';
    disk.answer('/app/a.js', text(numbered(20, 'late')));
    await enriching;
    expect(frames[0].context_line).toBe('seen');
  });

  it('is delivered, however many come at once', async () => {
    const { write, client, transport } = sourceFolder();
    const path = write('a.js', numbered(200));
    for (let line = 1; line <= 150; line++) client.captureException(errorAt(`f (${path}:${line}:1)`));
    expect(await client.flush(5000)).toBe(true);
    const lines = transport.events.map(
      ({ exception }) => exception?.values[0].stacktrace?.frames[0].context_line,
    );
    expect(lines).toEqual(numbered(150).split('\n'));
  });

  it('is the app’s own to change, and no other event changes with it', async () => {
    const { write, frames } = sourceFolder({
      beforeSend: ({ exception }) => {
        const frame = exception?.values[0].stacktrace?.frames[0];
        if (frame?.pre_context) frame.pre_context.fill('hidden');
        return undefined;
      },
    });
    const at = `f (${write('a.js', numbered(20))}:10:1)`;
    await frames(at);
    const [again] = await frames(at);
    expect(again.post_context).toContain('line 11');
    expect(again.pre_context).toEqual(Array(5).fill('hidden'));
  });

  it.each([
    [
      'frames that are none',
      { exception: { values: [null, {}, { stacktrace: { frames: [null, 5, {}] } }] } },
    ],
    ['parts that are none', { exception: 'none', threads: 5, stacktrace: [], debug_meta: 'none' }],
    [
      'a part that cannot be read',
      {
        get exception(): never {
          throw new Error('hostile');
        },
      },
    ],
    [
      'positions that are none',
      {
        exception: {
          values: [
            {
              stacktrace: {
                frames: [
                  { abs_path: '/app/a.js', lineno: -1 },
                  { abs_path: '/app/a.js', lineno: 1e9, colno: -5 },
                  { abs_path: 5, lineno: 1 },
                ],
              },
            },
          ],
        },
      },
    ],
  ])('may hold %s', async (_, event) => {
    const disk = new SlowDisk();
    const sources = disk.sources();
    const enriching = sources.enrich(event as unknown as RavenEvent);
    disk.answer('/app/a.js');
    await enriching;
    sources.enrichNow({ ...Object.getOwnPropertyDescriptors(event) } as unknown as RavenEvent);
  });
});
