import { reportDecorator, type ReportDecorator } from './report-decorator';
import type { CaptureErrorsOptions } from './report-metadata';

/** Classes of errors. */
type ErrorTypes = (abstract new (...args: never[]) => unknown)[];

/**
 * Reports the errors of a method and lets them go on: thrown, or those of its promise, Observable,
 * generator or async generator. On a class: of all its methods. Source: raven-python's `capture_exceptions`.
 *
 * The client is that of the Nest app the object belongs to; outside of one nothing is reported.
 *
 * @param types - the classes of errors to report, none for all; or one object with types, level, tags, extra, fingerprint and client
 */
export function CaptureErrors(...types: ErrorTypes | [CaptureErrorsOptions]): ReportDecorator {
  const [first] = types;
  const capture: CaptureErrorsOptions = typeof first === 'object' ? first : { types: types as ErrorTypes };
  return reportDecorator({ capture });
}
