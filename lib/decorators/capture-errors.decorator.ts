import { describeValue } from '../describe-value';
import { isConstructor, isFilledText, isPlainObject } from '../value-kinds';
import { EXPECTED, requireArgument, wrongArgument } from './decorator-arguments';
import { reportDecorator, type ReportDecorator } from './report-decorator';
import type { CaptureErrorsOptions } from './report-metadata';

/** Classes of errors. */
type ErrorTypes = (abstract new (...args: never[]) => unknown)[];

/** The names of clients that any `@CaptureErrors` gives. Decorators run before there is an app, so all share them. */
export const namedByCaptureErrors = new Set<string>();

const OPTIONS = {
  types: EXPECTED.types,
  level: EXPECTED.level,
  tags: EXPECTED.mapping,
  extra: EXPECTED.mapping,
  fingerprint: EXPECTED.texts,
  client: EXPECTED.name,
} satisfies { [Option in keyof Required<CaptureErrorsOptions>]: unknown };

/**
 * Reports the errors of a method and lets them go on: thrown, or those of its promise, Observable,
 * generator or async generator. On a class: of all methods of its instances, inherited ones too; a static
 * method is covered only by a decorator of its own. Source: raven-python's `capture_exceptions`.
 *
 * The client is that of the Nest app the object belongs to; outside of one nothing is reported.
 *
 * @param types - the classes of errors to report, none for all; or one object with types, level, tags, extra, fingerprint and client
 * @throws TypeError, when the class is defined, where it is given anything else
 */
export function CaptureErrors(...types: ErrorTypes | [CaptureErrorsOptions]): ReportDecorator {
  const [first] = types;
  if (types.length === 1 && isPlainObject(first)) {
    validateCapture(first);
    if (isFilledText(first.client)) namedByCaptureErrors.add(first.client);
    return reportDecorator({ capture: first });
  }
  for (const type of types) {
    if (isConstructor(type)) continue;
    throw wrongArgument(
      '@CaptureErrors',
      type,
      'classes of errors (one may be undefined in a circular import), or one object of options',
    );
  }
  return reportDecorator({ capture: { types: types as ErrorTypes } });
}

function validateCapture(options: Record<string, unknown>): void {
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, option)) {
      const known = Object.keys(OPTIONS).join(', ');
      throw new TypeError(
        `@CaptureErrors was given the option ${describeValue(option)}; expected some of ${known}`,
      );
    }
    if (value === undefined) continue;
    requireArgument(`@CaptureErrors({ ${option} })`, value, OPTIONS[option as keyof CaptureErrorsOptions]);
  }
}
