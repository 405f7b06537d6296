import { maskText } from '../processors/mask-text';
import { safeText } from '../transport/safe-text';
import type { SetTimer } from '../transport/set-timer';
import type { ClientLogger } from './client-environment';
import { hasPassed } from './has-passed';
import type { StormGuardOptions } from './storm-guard';

/** Of more at a time, nobody reads the lines. */
const MOST_TOLD = 20;

interface Storm {
  what: string;
  count: number;
  sinceMs: number;
  lastMs: number;
}

/** Says once when a storm begins, and once when it is over: when nothing of it was guarded for a whole window. */
export class StormLog {
  private readonly storms = new Map<object, Storm>();
  private cancelTimer?: () => void;

  constructor(
    private readonly options: Required<StormGuardOptions>,
    private readonly environment: {
      logger: Pick<ClientLogger, 'warn'>;
      now: () => number;
      setTimer: SetTimer;
    },
  ) {}

  /**
   * One was counted instead of sent.
   *
   * @param kind - the same object for all of a kind
   * @param fingerprint - what they have in common
   */
  guarded(kind: object, fingerprint: string, nowMs: number): void {
    const known = this.storms.get(kind);
    if (known) {
      known.count += 1;
      known.lastMs = nowMs;
    } else if (this.storms.size < MOST_TOLD) {
      this.begin(kind, { what: nameOf(fingerprint), count: 1, sinceMs: nowMs, lastMs: nowMs });
    }
  }

  /** Says of the storms under way what they have come to. */
  close(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    for (const storm of this.storms.values()) this.tell(storm, 'a storm was not over at the end');
    this.storms.clear();
  }

  private begin(kind: object, storm: Storm): void {
    const { limit, windowMs } = this.options;
    this.storms.set(kind, storm);
    this.cancelTimer ??= this.environment.setTimer(this.check, windowMs);
    this.environment.logger.warn(
      `a storm: more than ${limit} within ${windowMs} ms of ${storm.what}; further ones are counted, and the next one sent carries the count`,
    );
  }

  private readonly check = (): void => {
    const { windowMs } = this.options;
    const nowMs = this.environment.now();
    let nextMs = Infinity;
    for (const [kind, storm] of this.storms) {
      if (hasPassed(windowMs, storm.lastMs, nowMs)) {
        this.storms.delete(kind);
        this.tell(storm, 'a storm is over');
      } else {
        nextMs = Math.min(nextMs, storm.lastMs + windowMs - nowMs);
      }
    }
    this.cancelTimer = this.storms.size > 0 ? this.environment.setTimer(this.check, nextMs) : undefined;
  };

  private tell({ what, count, sinceMs, lastMs }: Storm, how: string): void {
    const seconds = Math.max(0, Math.round((lastMs - sinceMs) / 1000));
    this.environment.logger.warn(
      `${how}: ${count} within ${seconds} s were counted instead of sent, of ${what}`,
    );
  }
}

/** The first line of a fingerprint says what it is; where it was thrown follows. */
function nameOf(fingerprint: string): string {
  const [first, second = ''] = fingerprint.split('\n', 2);
  const name = second.startsWith('    at ') ? `${first} ${second.trim()}` : first;
  return safeText(maskText(name), []);
}
