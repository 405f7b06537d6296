import { EXPECTED, requireArgument } from './decorator-arguments';
import { reportDecorator, type ReportDecorator } from './report-decorator';
import type { ReportValueFunction } from './report-metadata';
import { valueDecorator, type ValueDecorator } from './value-decorator';

/** What a tag may be: text, something with a text form, or a function of where the error was raised. */
export type TagValue = string | number | boolean | bigint | ReportValueFunction;

/**
 * Gives errors of a class, a handler or a method a tag. On a parameter, without a value: the value the
 * parameter has after pipes.
 *
 * @param key - the tag's name, for example `order.id`
 * @param value - text, or a function of the {@link CaptureContext}, called only when an event is built
 * @throws TypeError, when the class is defined, on a class or method without a value, and on a parameter with one
 */
export function Tag(key: string, ...value: [] | [TagValue]): ValueDecorator {
  return valueDecorator('@Tag', 'tags', key, value);
}

/**
 * Gives errors of a class, a handler or a method several tags.
 *
 * @param tags - by name; values as in {@link Tag}
 * @throws TypeError, when the class is defined, where that is no object
 */
export function Tags(tags: Record<string, TagValue>): ReportDecorator {
  requireArgument('@Tags', tags, EXPECTED.mapping);
  return reportDecorator({ tags });
}
