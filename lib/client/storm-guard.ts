import { DEFAULT_OPTIONS } from '../raven.options';
import { setTimer as nodeTimer, type SetTimer } from '../transport/set-timer';
import type { ClientEnvironment } from './client-environment';
import { Repetition } from './repetition';
import { StormLog } from './storm-log';

/** From how many events of one kind on the guard counts instead of sending. */
export interface StormGuardOptions {
  /** How many of the same kind are sent within a window. Default 1000. */
  limit?: number | undefined;
  /** How long a window is, in milliseconds; it begins with the first event of its kind. Default 10 000. */
  windowMs?: number | undefined;
}

/** Kinds that are remembered. */
const MAX_KINDS = 1000;
/**
 * Of those that came least recently so many are looked at for one of which nothing was held back. Not all, lest
 * storms that are long over leave no room for one whose kinds come in turn.
 */
const LOOKED_AT = 500;

/**
 * Holds back what comes over and over: beyond the limit of a window events of the same kind are counted, not
 * built and not sent. So an error in a loop, or an error handler whose own errors come round to it again,
 * costs next to nothing.
 */
export class StormGuard {
  private readonly options: Required<StormGuardOptions>;
  private readonly repetitions = new Map<string, Repetition>();
  private readonly log: StormLog;

  constructor(
    options: StormGuardOptions,
    private readonly environment: Pick<ClientEnvironment, 'now' | 'logger'>,
    setTimer: SetTimer = nodeTimer,
  ) {
    const defaults = DEFAULT_OPTIONS.stormGuard;
    const { limit = defaults.limit, windowMs = defaults.windowMs } = options;
    this.options = { limit, windowMs };
    this.log = new StormLog(this.options, { ...environment, setTimer });
  }

  /**
   * Counts one more event of a kind.
   *
   * @param fingerprint - what events of the kind have in common
   * @returns what knows how many were held back before it; null where this one is held back
   */
  admit(fingerprint: string): Repetition | null {
    const { limit, windowMs } = this.options;
    const nowMs = this.environment.now();
    const repetition = this.repetitionOf(fingerprint);
    if (repetition.admits(nowMs, limit, windowMs)) return repetition;
    this.log.guarded(repetition, fingerprint, nowMs);
    return null;
  }

  /** Says what was held back and not told of yet. */
  close(): void {
    this.log.close();
  }

  private repetitionOf(fingerprint: string): Repetition {
    const repetition = this.repetitions.get(fingerprint) ?? new Repetition();
    // What came last stands last.
    if (!this.repetitions.delete(fingerprint) && this.repetitions.size >= MAX_KINDS) this.forgetOldest();
    this.repetitions.set(fingerprint, repetition);
    return repetition;
  }

  /**
   * Forgets the oldest kind of which nothing was held back. Where something was of all that are looked at, it is
   * the oldest, and no event will carry its number: then only the client's stats and its reports to the server
   * have it.
   */
  private forgetOldest(): void {
    let forgotten: string | undefined;
    let lookedAt = 0;
    for (const [kind, { hasGuarded }] of this.repetitions) {
      forgotten ??= kind;
      if (!hasGuarded) forgotten = kind;
      if (!hasGuarded || ++lookedAt === LOOKED_AT) break;
    }
    if (forgotten !== undefined) this.repetitions.delete(forgotten);
  }
}
