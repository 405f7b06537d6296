import type { BreadcrumbDraft, RecordedBreadcrumb } from '../context/breadcrumb-buffer';
import type { Context } from '../context/context';
import { safeCopy } from '../context/safe-copy';
import { currentScope, runQuietly } from '../context/scope';
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

  /** Records what the app gave, whatever it is. */
  record(context: Context, options: BreadcrumbOptions): void {
    // What a hook or a delivery records would come round to the hook again.
    if (currentScope()?.isQuiet) return;
    this.recordIn(context, readable(options));
  }

  /** Records whatever scope this is called in: connections are shared, and what ends here may be anybody's. */
  recordIn(context: Context, options: BreadcrumbOptions): void {
    try {
      this.recordDraft(context, options);
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

  private recordDraft(context: Context, options: BreadcrumbOptions): void {
    const { message, data, processor, timestamp } = options;
    if (message === undefined && data === undefined && processor === undefined) {
      this.environment.logger.error(
        'captureBreadcrumb was given no message, data or processor; one of them is needed',
      );
      return;
    }
    const crumb = this.admitted({
      timestampMs: timeOf(timestamp) ?? this.environment.now(),
      type: options.type ?? 'default',
      level: options.level ?? null,
      message: message ?? null,
      category: options.category ?? null,
      data: data ?? null,
      processor,
    });
    if (crumb) context.record(crumb);
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

/** The options, each read once. */
function readable(options: BreadcrumbOptions): BreadcrumbOptions {
  try {
    const { message, data, category, level, type, timestamp, processor } = options;
    return { message, data, category, level, type, timestamp, processor };
  } catch {
    return safeCopy(options);
  }
}
