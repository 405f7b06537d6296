import {
  Module,
  type DynamicModule,
  type INestApplicationContext,
  type LoggerService,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RavenModule, type RavenOptions } from 'nestjs-raven';
import type { Receiver } from './receiver';
import { testOptions, type TestApp } from './test-app';

/** A logger for an app, whose lines a test can read: level, context and message, without times and stacks. */
export class JobLog implements LoggerService {
  readonly lines: string[] = [];
  private readonly waiting = new Set<() => void>();

  log = this.record('log');
  error = this.record('error');
  warn = this.record('warn');

  /** Resolves once a line says this. */
  waitFor(text: string): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!this.lines.some((line) => line.includes(text))) return;
        this.waiting.delete(check);
        resolve();
      };
      this.waiting.add(check);
      check();
    });
  }

  /** The lines that the app's own code, or a library on its behalf, has caused: none of Nest's starting up. */
  get errors(): string[] {
    return this.lines.filter((line) => line.startsWith('error') || line.startsWith('warn'));
  }

  private record(level: string): (message: unknown, ...rest: unknown[]) => void {
    return (message, ...rest) => {
      const context = rest.at(-1);
      this.lines.push(
        `${level} [${typeof context === 'string' ? context.split('\n')[0] : ''}] ${String(message)}`,
      );
      for (const check of this.waiting) check();
    };
  }
}

/** Makes an app without any server, with the module in it, or without where there is no receiver. */
export async function startStandalone(
  receiver: Receiver | undefined,
  { imports = [], controllers = [], providers = [] }: TestApp,
  options: RavenOptions = {},
  logger: LoggerService | false = false,
): Promise<INestApplicationContext> {
  const raven: (Type | DynamicModule)[] = receiver
    ? [RavenModule.forRoot(testOptions(receiver, options))]
    : [];
  @Module({ imports: [...raven, ...imports], controllers, providers })
  class AppModule {}
  return NestFactory.createApplicationContext(AppModule, { logger, abortOnError: false });
}
