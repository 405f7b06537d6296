import type { BreadcrumbDraft } from '../context/breadcrumb-buffer';
import type { Context } from '../context/context';
import { runQuietly } from '../context/scope';
import type { BreadcrumbOptions } from './capture-options';
import type { ClientEnvironment } from './client-environment';
import { errorText } from './error-text';
import type { BeforeBreadcrumb } from './hooks';

/** Puts breadcrumbs into contexts, past the app's own hook. */
export class BreadcrumbRecorder {
  constructor(
    private readonly beforeBreadcrumb: BeforeBreadcrumb | undefined,
    private readonly environment: Pick<ClientEnvironment, 'logger' | 'now'>,
  ) {}

  record(context: Context, options: BreadcrumbOptions): void {
    const { message, data, processor } = options;
    if (message === undefined && data === undefined && processor === undefined) {
      this.environment.logger.error(
        'captureBreadcrumb was given no message, data or processor; one of them is needed',
      );
      return;
    }
    const crumb: BreadcrumbDraft = {
      type: options.type ?? 'default',
      level: options.level ?? null,
      message: message ?? null,
      category: options.category ?? null,
      data: data ?? null,
    };
    const kept = this.beforeBreadcrumb ? this.filtered(this.beforeBreadcrumb, crumb) : crumb;
    if (!kept) return;
    context.record({
      ...kept,
      timestampMs: options.timestamp?.getTime() ?? this.environment.now(),
      processor,
    });
  }

  private filtered(hook: BeforeBreadcrumb, crumb: BreadcrumbDraft): BreadcrumbDraft | null {
    try {
      return runQuietly(() => hook(crumb));
    } catch (error) {
      this.environment.logger.error(
        `beforeBreadcrumb failed, its breadcrumb is dropped: ${errorText(error)}`,
      );
      return null;
    }
  }
}
