import type { Worker, WorkerOptions } from 'node:worker_threads';
import type { HttpTarget } from './http-target';
import type { SendResult } from './send-result';

/** What the thread is started with. */
export interface ThreadData {
  target: HttpTarget;
  /** Connections at a time. */
  maxSockets: number;
  /** For one attempt. */
  timeoutMs: number;
}

/** One attempt that the thread is to make. */
export interface ThreadTask {
  id: number;
  body: Uint8Array<ArrayBuffer>;
}

/** How an attempt of the thread's ended. */
export interface ThreadAnswer {
  id: number;
  result: SendResult;
}

/** What the thread tells; `ready` when it is there. */
export type FromThread = 'ready' | ThreadAnswer;

/** Who hears of a {@link DeliveryThread}. */
export interface ThreadListener {
  answered(answer: ThreadAnswer): void;
  /**
   * Called once. What it had under way will not be answered.
   *
   * @param reason - as it comes, not fit for a log
   * @param hasBegun - whether it may have sent anything
   */
  ended(reason: string, hasBegun: boolean): void;
}

/** Bodies are outside of it: what is in there is 32 requests and, where there is a proxy, axios. */
const RESOURCES = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };
/** Flags about TLS that hold for one thread alone; others hold for the process. */
const THREAD_FLAG = /^--(?:use-system-ca|tls-(?:min|max)-v[\d.]+)$/;
/** Proxies, which certificates are accepted, and where packages are. */
const VARIABLE = /_proxy$|^NODE_(?:(?:TLS|EXTRA|USE)_|PATH$)|^SSL_CERT_/i;

/**
 * A thread that makes attempts by `thread-sender.ts`. It keeps no process alive, and has of flags and environment
 * only what connections need: what the app preloads has no business there.
 */
export class DeliveryThread {
  readonly #worker: Worker;

  /**
   * @param script - the compiled `thread-sender.ts`
   * @throws where no thread can be started
   */
  constructor(script: string, workerData: ThreadData, listener: ThreadListener) {
    const worker = startWorker(script, {
      name: 'nestjs-raven delivery',
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => VARIABLE.test(name))),
      workerData,
      resourceLimits: RESOURCES,
    });
    let reason: string | undefined;
    let hasBegun = false;
    worker.on('message', (message: FromThread) => {
      if (message === 'ready') hasBegun = true;
      else listener.answered(message);
    });
    worker.on('messageerror', () => void worker.terminate());
    worker.on('error', (error: unknown) => (reason ??= String(error)));
    worker.on('exit', (code) => listener.ended(reason ?? `exit code ${code}`, hasBegun));
    // Last: listeners hold a process as well.
    worker.unref();
    this.#worker = worker;
  }

  /** Hands the body over: its memory is the thread's from then on. */
  post(task: ThreadTask): void {
    this.#worker.postMessage(task, [task.body.buffer]);
  }

  /** Ends it, whatever it does. */
  stop(): void {
    void this.#worker.terminate();
  }
}

function startWorker(script: string, options: WorkerOptions): Worker {
  // Loaded by who has a thread.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const given = [...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/), ...process.execArgv];
  try {
    return new Worker(script, { ...options, execArgv: given.filter((flag) => THREAD_FLAG.test(flag)) });
  } catch {
    // Which flags a thread takes differs by Node's version; those that it does not take hold for it anyway.
    return new Worker(script, { ...options, execArgv: [] });
  }
}
