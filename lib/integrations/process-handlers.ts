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
  private isEnding = false;

  add(client: RavenClient): void {
    this.clients.add(client);
    if (this.clients.size === 1) this.attach();
  }

  remove(client: RavenClient): void {
    this.clients.delete(client);
    if (this.clients.size === 0) this.detach();
  }

  private attach(): void {
    process.on('uncaughtException', this.onUncaughtException);
    process.on('unhandledRejection', this.onUnhandledRejection);
    process.on('beforeExit', this.onBeforeExit);
  }

  private detach(): void {
    process.off('uncaughtException', this.onUncaughtException);
    process.off('unhandledRejection', this.onUnhandledRejection);
    process.off('beforeExit', this.onBeforeExit);
  }

  private readonly onUncaughtException = (error: unknown): void => {
    const isFatal = process.listenerCount('uncaughtException') === 1;
    this.report(error, 'auto.node.onuncaughtexception', isFatal);
    if (!isFatal || this.isEnding) return;
    this.isEnding = true;
    void this.flush().finally(() => {
      this.detach();
      setImmediate(() => {
        throw error;
      });
    });
  };

  private readonly onUnhandledRejection = (reason: unknown): void => {
    const isFatal = process.listenerCount('unhandledRejection') === 1;
    this.report(reason, 'auto.node.onunhandledrejection', isFatal);
    if (!isFatal || this.isEnding) return;
    this.isEnding = true;
    void this.flush().finally(() => {
      this.detach();
      void Promise.reject(reason);
      // Reached where Node was told only to warn of rejections.
      setImmediate(() => {
        this.isEnding = false;
        if (this.clients.size > 0) this.attach();
      });
    });
  };

  /** A script that ends by itself: what it captured last is still on its way. */
  private readonly onBeforeExit = (): void => {
    for (const client of this.clients) {
      if (client.hasUnflushed) void client.flush().catch(() => false);
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

/** There is one process, so there is one of these; it listens only while a client wants it to. */
export const processHandlers = new ProcessHandlers();
