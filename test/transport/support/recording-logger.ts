import type { TransportLogger } from '../../../lib/transport/transport-logger';

/** Keeps what is logged and lets a test wait for it. */
export class RecordingLogger implements TransportLogger {
  readonly lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  debug(message: string): void {
    this.#add('debug', message);
  }

  warn(message: string): void {
    this.#add('warn', message);
  }

  error(message: string): void {
    this.#add('error', message);
  }

  /** Lines of level warn and error. */
  get loud(): string[] {
    return this.lines.filter((line) => !line.startsWith('debug'));
  }

  /** Resolves as soon as so many lines match. */
  waitFor(pattern: RegExp, count = 1): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.lines.filter((line) => pattern.test(line)).length < count) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  #add(level: string, message: string): void {
    this.lines.push(`${level}: ${message}`);
    this.#waiting.forEach((check) => check());
  }
}
