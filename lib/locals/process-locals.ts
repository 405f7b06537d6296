import type { StackFrame } from '../protocol/event';
import { addLocals } from './add-locals';
import { LocalsThread, type Recorder } from './locals-thread';
import type { PauseState } from './locals-worker';
import { PauseBudget } from './pause-budget';
import { RecordedLocals } from './recorded-locals';

/** Which errors a client wants the local variables of. */
export type LocalsMode = 'uncaught' | 'all';

/** A client's part in the recording of local variables. */
export interface LocalsLease {
  /** Gives the frames of the error's stack their variables, where they are known; in place. */
  addTo(error: unknown, frames: readonly StackFrame[]): void;
  /** The client wants no more of them. The last one ends the recording: exceptions stop nothing any more. */
  release(): void;
}

interface Holder {
  mode: LocalsMode;
  warn: (message: string) => void;
}

/**
 * Local variables of errors that are thrown, for all clients of the process that want them. V8 has one debugger for
 * a thread, so there is one of these; it begins with the first client that asks and ends with the last one.
 *
 * Exceptions that are too many, or stops that take too long, switch it off for a growing time, and so does a
 * debugger that a person attaches, for good.
 */
export class ProcessLocals {
  private readonly holders = new Set<Holder>();
  private recorded = new RecordedLocals();
  private budget: PauseBudget;
  private thread?: LocalsThread;
  /** One that was stopped and has not ended. */
  private ending?: LocalsThread;
  /** Whether there is a reason not to start one for those who want variables now. */
  private isOff = false;
  /** The most that is watched while pauses were too many or too long. */
  private most: PauseState = 'all';
  private onAgain?: NodeJS.Timeout;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.budget = new PauseBudget(now);
  }

  /** Whether there is a thread, also one that is ending. */
  get isRunning(): boolean {
    return (this.thread ?? this.ending) !== undefined;
  }

  /** @param warn - is told, in one line, why there are no variables */
  take(mode: LocalsMode, warn: (message: string) => void): LocalsLease {
    const holder: Holder = { mode, warn };
    this.holders.add(holder);
    if (this.holders.size === 1) this.start();
    else this.update();
    return {
      addTo: (error, frames) => {
        const recorded = this.recorded.of(error, mode === 'uncaught');
        if (recorded.length > 0) addLocals(frames, recorded, areStacksMapped());
      },
      release: () => {
        if (!this.holders.delete(holder)) return;
        if (this.holders.size === 0) this.stop();
        else this.update();
      },
    };
  }

  private start(): void {
    this.budget = new PauseBudget(this.now);
    this.most = 'all';
    const reason = reasonAgainst();
    this.isOff = reason !== undefined;
    if (reason !== undefined) return this.tell(`${reason}; local variables are not captured`);
    // One that is still ending would take along what the next one sets; it starts when that has ended.
    if (!this.ending) this.startThread();
  }

  private startThread(): void {
    try {
      const thread: LocalsThread = new LocalsThread(this.state, this.recorder, (why) =>
        this.fail(why, thread),
      );
      this.thread = thread;
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private stop(): void {
    clearTimeout(this.onAgain);
    this.recorded = new RecordedLocals();
    const { thread } = this;
    if (!thread) return;
    this.thread = undefined;
    this.ending = thread;
    thread.stop();
    void thread.ended.then(() => {
      this.ending = undefined;
      if (this.holders.size > 0 && !this.isOff) this.startThread();
    });
  }

  private fail(reason: string, thread = this.thread): void {
    if (thread !== this.thread) return;
    this.thread?.stop();
    this.thread = undefined;
    clearTimeout(this.onAgain);
    this.tell(`local variables cannot be captured: ${reason}`);
  }

  private update(): void {
    this.thread?.pauseOn(this.state);
  }

  private get state(): PauseState {
    const wanted = this.hasAll ? 'all' : 'uncaught';
    return STATES[Math.min(STATES.indexOf(wanted), STATES.indexOf(this.most))];
  }

  /** The main thread stands still while this runs, in the middle of whatever it did. */
  private readonly recorder: Recorder = (exception, pause, scopes) => {
    try {
      const isDebugged = debuggerUrl() !== undefined;
      if (isDebugged) this.leaveToDebugger();
      if (pause === null) return isDebugged ? 'leave' : this.state;
      this.recorded.record(exception, pause, scopes);
      // Node's own loader throws and catches a lot; of that only the time counts.
      this.spend(pause.spentMs, pause.frames.length > 0 ? 1 : 0);
    } catch {
      // There may be no stack left.
    }
    return this.thread ? this.state : 'none';
  };

  private spend(spentMs: number, count: number): void {
    const overspent = this.budget.spend(spentMs, count);
    if (!overspent) return;
    const { reason, offMs, isFirst } = overspent;
    const isAll = reason === 'too many' && this.most === 'all' && this.hasAll;
    this.most = isAll ? 'uncaught' : 'none';
    this.update();
    clearTimeout(this.onAgain);
    this.onAgain = setTimeout(() => {
      this.most = 'all';
      this.update();
    }, offMs).unref();
    if (!isFirst) return;
    const what = isAll ? 'those of errors that are caught' : 'they';
    // Not now: a logger is the app's code, and stands on a stack that belongs to another.
    setImmediate(() =>
      this.tell(
        `local variables: errors are ${reason === 'too many' ? 'too many' : 'held up for too long'}; ${what} are not captured for ${offMs / 1000} s, and for longer each time it happens again`,
      ),
    ).unref();
  }

  private get hasAll(): boolean {
    return [...this.holders].some(({ mode }) => mode === 'all');
  }

  private leaveToDebugger(): void {
    if (!this.thread) return;
    this.isOff = true;
    this.stop();
    setImmediate(() =>
      this.tell('a debugger is attached; local variables are not captured any more'),
    ).unref();
  }

  private tell(message: string): void {
    for (const { warn } of this.holders) warn(message);
  }
}

/** From least to most. */
const STATES: readonly PauseState[] = ['none', 'uncaught', 'all'];

function reasonAgainst(): string | undefined {
  try {
    if (!process.features.inspector) return 'this Node has no inspector';
    if (!process.getBuiltinModule('node:worker_threads').isMainThread) return 'this is a worker thread';
    return debuggerUrl() === undefined ? undefined : 'a debugger may be attached (--inspect)';
  } catch (error) {
    return `the inspector cannot be used (${error instanceof Error ? error.message : String(error)})`;
  }
}

function debuggerUrl(): string | undefined {
  return process.getBuiltinModule('node:inspector').url();
}

/** Whether Node, or a package such as source-map-support, shows other files in stacks than those that ran. */
function areStacksMapped(): boolean {
  return process.sourceMapsEnabled || typeof Error.prepareStackTrace === 'function';
}

/** There is one process, so there is one of these. */
export const processLocals = new ProcessLocals();
