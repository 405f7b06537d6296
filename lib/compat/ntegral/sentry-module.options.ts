import type { ConsoleLoggerOptions } from '@nestjs/common';
import type { CompatOptionsFactory, CompatSource } from '../sentry/compat.module';
import type { SentryOptions } from '../sentry/sentry-options';

/** Options of `Sentry.init`, and of Nest's ConsoleLogger for what the service prints. */
export interface SentryModuleOptions
  extends SentryOptions, Omit<ConsoleLoggerOptions, 'context' | 'prefix' | keyof SentryOptions> {
  /** Stands before each text that the service logs. */
  prefix?: string | undefined;
}

/** How long the end of the app waits for deliveries. */
export type SentryCloseOptions = NonNullable<SentryOptions['close']>;

/** A class that makes the options. */
export type SentryOptionsFactory = CompatOptionsFactory<SentryModuleOptions>;

/** Where the options come from: `useFactory` with `inject`, `useClass` or `useExisting`, and `imports`. */
export type SentryModuleAsyncOptions = CompatSource<SentryModuleOptions>;

const PRINTING = [
  'logLevels',
  'timestamp',
  'colors',
  'json',
  'compact',
  'depth',
  'breakLength',
  'maxArrayLength',
  'maxStringLength',
  'showHidden',
  'sorted',
  'forceConsole',
] as const satisfies (keyof SentryModuleOptions)[];

/** The options without those that are about printing. */
export function withoutPrinting(given: SentryModuleOptions): SentryOptions {
  const { prefix: _, ...options }: Record<string, unknown> = { ...given };
  for (const option of PRINTING) delete options[option];
  return options;
}

/** Those that are about printing. */
export function printingOf(given: SentryModuleOptions): ConsoleLoggerOptions {
  return Object.fromEntries(
    PRINTING.map((option) => [option, given[option]]).filter(([, value]) => value !== undefined),
  );
}
