import { frameLocation } from '../event/frame-location';
import type { Json } from '../protocol/event';
import type { Pause } from './locals-worker';
import { snapshot } from './snapshot';

/** The variables of one call. */
export interface RecordedFrame {
  /** The function's own name; empty where it has none. */
  name: string;
  /** Full path of the script that ran, as a stack shows it. */
  path: string;
  /** Where the call stood, from 1. */
  line: number;
  vars: Record<string, Json>;
}

interface Recorded {
  frames: RecordedFrame[];
  isUncaught: boolean;
}

/** The variables of errors that were thrown, as long as the errors themselves are there. */
export class RecordedLocals {
  private readonly byError = new WeakMap<object, Recorded>();

  /**
   * Takes note of an error that is being thrown. One that is thrown again keeps what it was thrown with first.
   * What is thrown and no object has no identity by which it would be known again.
   *
   * @param scopes - those of all frames of the pause, frame by frame
   */
  record(error: unknown, { frames, isUncaught }: Pause, scopes: readonly unknown[]): void {
    if (typeof error !== 'object' || error === null) return;
    const known = this.byError.get(error);
    if (known) {
      known.isUncaught ||= isUncaught;
      return;
    }
    let next = 0;
    const recorded = frames.map(({ name, url, line, scopes: count }) => ({
      name,
      path: frameLocation(url).path ?? url,
      line,
      vars: snapshot(scopes.slice(next, (next += count))),
    }));
    if (recorded.length > 0) this.byError.set(error, { frames: recorded, isUncaught });
  }

  /** @param uncaughtOnly - whether errors count that V8 saw to be caught */
  of(error: unknown, uncaughtOnly: boolean): readonly RecordedFrame[] {
    if (typeof error !== 'object' || error === null) return [];
    const recorded = this.byError.get(error);
    return recorded && (recorded.isUncaught || !uncaughtOnly) ? recorded.frames : [];
  }
}
