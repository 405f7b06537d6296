import type { Level as EventLevel } from '../protocol/event';
import { reportDecorator, type ReportDecorator } from './report-decorator';

/** Gives errors of a class, a handler or a method a level: `fatal`, `error`, `warning`, `info` or `debug`. */
export function Level(level: EventLevel): ReportDecorator {
  return reportDecorator({ level });
}
