import type { Level as EventLevel } from '../protocol/event';
import { EXPECTED, requireArgument } from './decorator-arguments';
import { reportDecorator, type ReportDecorator } from './report-decorator';

/**
 * Gives errors of a class, a handler or a method a level: `fatal`, `error`, `warning`, `info` or `debug`.
 *
 * @throws TypeError, when the class is defined, where it is none of these
 */
export function Level(level: EventLevel): ReportDecorator {
  requireArgument('@Level', level, EXPECTED.level);
  return reportDecorator({ level });
}
