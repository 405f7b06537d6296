import type { RavenClient } from '../client/raven.client';

/**
 * Reports what nobody caught, and gives pending events their time, for all clients of the process.
 *
 * The process then ends as Node would have ended it: the listeners step aside and the error is raised once
 * more, so that Node's own rules (`--unhandled-rejections`, exit code, what is printed) decide. Where the
 * app listens itself, the app decides, and nothing here ends anything.
 */
class ProcessHandlers {
  private readonly clients = new Set<RavenClient>();
  private isListening = false;
  private isEnding = false;
  private readonly finished = new WeakSet<RavenClient>();

  add(client: RavenClient): void {
    this.clients.add(client);
    this.listen();
  }

  remove(client: RavenClient): void {
    this.clients.delete(client);
    if (this.clients.size === 0) this.stepAside();
  }

  private listen(): void {
    if (this.isListening) return;
    this.isListening = true;
    process.on('uncaughtException', this.onUncaughtException);
    process.on('unhandledRejection', this.onUnhandledRejection);
    process.on('beforeExit', this.onBeforeExit);
  }

  private stepAside(): void {
    this.isListening = false;
    process.off('uncaughtException', this.onUncaughtException);
    process.off('unhandledRejection', this.onUnhandledRejection);
    process.off('beforeExit', this.onBeforeExit);
  }

  private readonly onUncaughtException = (error: unknown): void => {
    const isFatal = process.listenerCount('uncaughtException') === 1;
    this.report(error, 'auto.node.onuncaughtexception', isFatal);
    if (isFatal) this.endWith(() => void setImmediate(raise, error));
  };

  private readonly onUnhandledRejection = (reason: unknown): void => {
    const isAppsOwn = process.listenerCount('unhandledRejection') > 1;
    // Node hands a rejection on to those who listen for exceptions.
    const isCaught =
      process.listenerCount('uncaughtException') > 1 || process.hasUncaughtExceptionCaptureCallback();
    const isFatal = !isAppsOwn && !isCaught && !areRejectionsTolerated();
    this.report(reason, 'auto.node.onunhandledrejection', isFatal);
    const reject = (): void => void Promise.reject(reason);
    if (isFatal) this.endWith(reject);
    else if (!isAppsOwn && isCaught && !areRejectionsTolerated()) this.leaveToNode(reject);
  };

  /** Gives what is pending its time; then the process ends, unless the app decides otherwise. */
  private endWith(raiseAgain: () => void): void {
    if (this.isEnding) return;
    this.isEnding = true;
    void this.flush().finally(() => this.leaveToNode(raiseAgain));
  }

  private leaveToNode(raiseAgain: () => void): void {
    this.stepAside();
    raiseAgain();
    // Reached where the process goes on.
    setImmediate(() => {
      this.isEnding = false;
      if (this.clients.size > 0) this.listen();
    });
  }

  /** A script that ends by itself: what it captured last is still on its way. */
  private readonly onBeforeExit = (): void => {
    for (const client of this.clients) {
      if (!client.hasUnflushed && !client.hasUnreported) continue;
      // An app that captures in each `beforeExit` would never end: what comes later is for the last words.
      if (this.finished.has(client)) continue;
      this.finished.add(client);
      void client.finish().catch(() => false);
    }
  };

  private report(error: unknown, type: string, isFatal: boolean): void {
    for (const client of this.reporting()) {
      if (client.hasReported(error)) continue;
      client.captureException(error, {
        level: isFatal ? 'fatal' : 'error',
        mechanism: { type, handled: false },
      });
    }
  }

  /** Named clients serve parts of an app; the process's end concerns the unnamed one, where there is one. */
  private reporting(): RavenClient[] {
    const all = [...this.clients];
    const unnamed = all.filter((client) => client.options.name === undefined);
    return unnamed.length > 0 ? unnamed : all;
  }

  private flush(): Promise<unknown> {
    return Promise.allSettled([...this.clients].map((client) => client.flush()));
  }
}

function raise(error: unknown): never {
  throw error; // Reported and thrown on: the stack below says where it comes from.
}

/** Whether Node was told to do no more than warn of unhandled rejections; it does so whoever listens. */
function areRejectionsTolerated(): boolean {
  const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ');
  return /--unhandled[-_]rejections[= ](?:warn|none)(?![-\w])/.test(flags);
}

/** There is one process, so there is one of these; it listens only while a client wants it to. */
export const processHandlers = new ProcessHandlers();
