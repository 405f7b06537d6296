import type { BreadcrumbDraft, RecordedBreadcrumb } from '../context/breadcrumb-buffer';
import type { Context } from '../context/context';
import { safeCopy } from '../context/safe-copy';
import { runQuietly } from '../context/scope';
import type { BreadcrumbOptions } from './capture-options';
import type { ClientEnvironment } from './client-environment';
import { errorText } from './error-text';
import type { BeforeBreadcrumb } from './hooks';
import { forget, isThenable } from '../event/thenable';
import { timeOf } from './time-of';

/** Puts breadcrumbs into contexts, past the app's own hook. Never throws. */
export class BreadcrumbRecorder {
  constructor(
    private readonly beforeBreadcrumb: BeforeBreadcrumb | undefined,
    private readonly environment: Pick<ClientEnvironment, 'logger' | 'now'>,
  ) {}

  /** Records what was given, whatever it is, and whatever scope this is called in. */
  record(context: Context, options: BreadcrumbOptions): void {
    try {
      const crumb = this.recorded(options);
      const kept = crumb && this.admitted(crumb);
      if (kept) context.record(kept);
    } catch (error) {
      this.environment.logger.error(`a breadcrumb could not be recorded: ${errorText(error)}`);
    }
  }

  /** The crumb as the app's hook leaves it; undefined where that drops it. */
  admitted(crumb: RecordedBreadcrumb): RecordedBreadcrumb | undefined {
    if (!this.beforeBreadcrumb) return crumb;
    const { timestampMs, processor, ...draft } = crumb;
    const kept = this.filtered(this.beforeBreadcrumb, draft);
    return kept ? { ...kept, timestampMs, processor } : undefined;
  }

  /** @returns undefined where there is nothing to record */
  private recorded(options: BreadcrumbOptions): RecordedBreadcrumb | undefined {
    try {
      return this.read(options);
    } catch {
      return this.read(safeCopy(options));
    }
  }

  private read(options: BreadcrumbOptions): RecordedBreadcrumb | undefined {
    const { message, data, category, level, type, timestamp, processor } = options;
    if (message === undefined && data === undefined && processor === undefined) {
      this.environment.logger.error(
        'captureBreadcrumb was given no message, data or processor; one of them is needed',
      );
      return undefined;
    }
    return {
      timestampMs: (timestamp && timeOf(timestamp)) ?? this.environment.now(),
      type: type ?? 'default',
      level: level ?? null,
      message: message ?? null,
      category: category ?? null,
      data: data ?? null,
      processor,
    };
  }

  private filtered(hook: BeforeBreadcrumb, crumb: BreadcrumbDraft): BreadcrumbDraft | null {
    // The hook may change the crumb it is given, not what the app keeps.
    const draft = { ...crumb, data: crumb.data && safeCopy(crumb.data) };
    try {
      const answer: unknown = runQuietly(() => hook(draft));
      if (answer === null) return null;
      if (answer === undefined) return draft;
      if (isThenable(answer)) {
        forget(answer);
        throw new TypeError('it returned a promise; a crumb is recorded at once');
      }
      if (typeof answer !== 'object') {
        throw new TypeError(`it returned a ${typeof answer}; expected a crumb or null`);
      }
      return answer as BreadcrumbDraft;
    } catch (error) {
      this.environment.logger.error(
        `beforeBreadcrumb failed, its breadcrumb is dropped: ${errorText(error)}`,
      );
      return null;
    }
  }
}
