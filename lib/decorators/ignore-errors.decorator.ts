import type { IgnoredException } from '../event/ignored-exceptions';
import { reportDecorator, type ReportDecorator } from './report-decorator';

/**
 * Errors of a class, a handler or a method that the module does not report by itself. The client's own
 * `captureException` still does. What a method ignores adds to what its class ignores.
 *
 * @param types - classes, class names, qualified names, or qualified prefixes ending in `*`
 */
export function IgnoreErrors(...types: IgnoredException[]): ReportDecorator {
  return reportDecorator({ ignored: types });
}
