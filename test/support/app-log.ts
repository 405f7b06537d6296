import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';

/** A Nest logger that keeps what is logged, without times and stacks. */
export class AppLog implements LoggerService {
  readonly lines: string[] = [];

  log(...given: unknown[]): void {
    this.add('log', given);
  }
  error(...given: unknown[]): void {
    this.add('error', given);
  }
  warn(...given: unknown[]): void {
    this.add('warn', given);
  }

  /** The lines since the last time. */
  take(): string[] {
    return this.lines.splice(0);
  }

  private add(level: string, given: unknown[]): void {
    const words = given
      .filter((part) => part !== undefined)
      .map((part) => (part instanceof Error ? String(part) : inspect(part)).split('\n', 1)[0]);
    this.lines.push([level, ...words].join(' | '));
  }
}
