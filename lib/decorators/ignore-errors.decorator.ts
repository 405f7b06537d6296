import type { IgnoredException } from '../event/ignored-exceptions';
import { isConstructor, isFilledText } from '../value-kinds';
import { wrongArgument } from './decorator-arguments';
import { reportDecorator, type ReportDecorator } from './report-decorator';

/**
 * Errors of a class, a handler or a method that the module does not report by itself. The client's own
 * `captureException` still does. What a method ignores adds to what its class ignores.
 *
 * @param types - classes, class names, qualified names, or qualified prefixes ending in `*`
 * @throws TypeError, when the class is defined, where it is given anything else
 */
export function IgnoreErrors(...types: IgnoredException[]): ReportDecorator {
  for (const type of types) {
    if (isFilledText(type) || isConstructor(type)) continue;
    throw wrongArgument(
      '@IgnoreErrors',
      type,
      'classes of errors (one may be undefined in a circular import) or their names',
    );
  }
  return reportDecorator({ ignored: types });
}
