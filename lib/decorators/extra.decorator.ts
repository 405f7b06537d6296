import { valueDecorator, type ValueDecorator } from './value-decorator';

/**
 * Gives errors of a class, a handler or a method an extra: any data, shown but not searched. On a
 * parameter, without a value: the value the parameter has after pipes.
 *
 * @param key - the extra's name
 * @param value - data, or a function of the {@link CaptureContext}, called only when an event is built
 * @throws TypeError, when the class is defined, on a class or method without a value, and on a parameter with one
 */
export function Extra(key: string, ...value: [] | [unknown]): ValueDecorator {
  return valueDecorator('@Extra', 'extra', key, value);
}
