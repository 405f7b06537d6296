import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import {
  LOCALS_WORKER,
  type FromWorker,
  type LocalsWorkerData,
  type Pause,
  type PauseState,
  type ToWorker,
} from './locals-worker';
import { OWN_FOLDER } from '../own-folder';

/** Beyond that nobody looks, and an event has its size. */
const MAX_FRAMES = 8;
/** How long the end of a process waits for the thread to let go, at most. */
const EXIT_WAIT_MS = 100;
/** The heap of the thread: enough for what V8 says of a stack of some thousand frames. */
const RESOURCES = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };

/**
 * Called on the main thread while it stands still at an exception.
 *
 * @param pause - null where it is not known to be an exception
 * @returns which exceptions are to stop it from now on; `leave` where the stop is another debugger's, which is to
 *   end it, then
 */
export type Recorder = (
  exception: unknown,
  pause: Pause | null,
  scopes: readonly unknown[],
) => PauseState | 'leave';

/**
 * The thread that sees the main thread's exceptions through V8's inspector. A thread of its own, as one that
 * stands still cannot let itself go on. It keeps no process alive, inherits no flags and no environment.
 */
export class LocalsThread {
  /** Resolves when the thread has ended. */
  readonly ended: Promise<void>;
  private readonly worker: Worker;
  private isReady = false;
  private readonly disconnected = new Int32Array(new SharedArrayBuffer(4));
  /**
   * @param state - as of {@link pauseOn}
   * @param onFailed - called at most once, where the thread cannot work or ended by itself
   * @throws where threads are not allowed
   */
  constructor(
    private state: PauseState,
    recorder: Recorder,
    onFailed: (reason: string) => void,
  ) {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    // The thread finds the recorder by this property of `process`, which goes away as soon as it has.
    const key = `nestjs-raven.locals.${randomUUID()}`;
    const forget = (): void => void Reflect.deleteProperty(process, Symbol.for(key));
    const workerData: LocalsWorkerData = {
      recorder: key,
      notApp: notApp(),
      maxFrames: MAX_FRAMES,
      state,
      disconnected: this.disconnected,
    };
    this.worker = new Worker(LOCALS_WORKER, {
      eval: true,
      name: 'nestjs-raven locals',
      execArgv: [],
      env: {},
      workerData,
      stdout: true,
      stderr: true,
      resourceLimits: RESOURCES,
    });
    Object.defineProperty(process, Symbol.for(key), { value: recorder, configurable: true });
    const fail = (reason: string): void => {
      forget();
      onFailed(reason);
    };
    this.worker.on('message', (message: FromWorker) => {
      if (message !== 'ready') return fail(message.failed);
      forget();
      this.isReady = true;
      if (this.state !== state) this.tell({ state: this.state });
    });
    this.worker.on('error', (error) => fail(String(error)));
    this.ended = new Promise((resolve) => {
      this.worker.on('exit', () => {
        forget();
        process.off('exit', this.onExit);
        resolve();
      });
    });
    process.on('exit', this.onExit);
    // Last: listeners hold a process as well.
    this.worker.unref();
  }

  /** Which exceptions stop the main thread from now on, or as soon as the thread has started. */
  pauseOn(state: PauseState): void {
    if (state === this.state) return;
    this.state = state;
    if (this.isReady) this.tell({ state });
  }

  stop(): void {
    this.tell('stop');
  }

  /**
   * Node waits at the end for whoever is connected to its inspector, and says so on stderr. What the thread has let
   * go of reaches this one where it runs again.
   */
  private readonly onExit = (): void => {
    this.stop();
    Atomics.wait(this.disconnected, 0, 0, EXIT_WAIT_MS);
    for (let turn = 0; turn < 1000; turn++) process.hrtime.bigint();
  };

  private tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}

/** Scripts of Node, of packages, and of this one: as paths and as URLs. */
function notApp(): string[] {
  const own = OWN_FOLDER === undefined ? [] : [OWN_FOLDER, pathToFileURL(OWN_FOLDER).href];
  return ['^node:', '[\\\\/]node_modules[\\\\/]', ...own.map((path) => `^${escaped(path)}[\\\\/]`)];
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
