import { describeValue } from '../describe-value';
import { EXPECTED, requireArgument } from './decorator-arguments';
import { observeMethod } from './observed-method';
import { reportDecorator } from './report-decorator';
import { declareReport, type ReportMetadata } from './report-metadata';

/** A decorator for classes, methods and parameters. */
export type ValueDecorator = (
  target: object,
  key?: string | symbol,
  descriptorOrIndex?: PropertyDescriptor | number,
) => void;

/**
 * Makes a decorator that gives a tag or an extra: of a class or method the given value, of a parameter the
 * value it has been called with.
 *
 * @throws TypeError, when the class is defined, where the key is no name, on a constructor's parameter, on a parameter with a
 *   value, and on a class or method without one
 */
export function valueDecorator(
  name: '@Tag' | '@Extra',
  kind: 'tags' | 'extra',
  key: string,
  given: readonly unknown[],
): ValueDecorator {
  requireArgument(name, key, EXPECTED.name);
  return (target, method, descriptorOrIndex) => {
    if (typeof descriptorOrIndex === 'number') {
      if (method === undefined) {
        throw new TypeError(
          `${name}('${key}') stands on a parameter of a constructor; expected one of a method`,
        );
      }
      if (given.length > 0) {
        throw new TypeError(
          `${name}('${key}') was given the value ${describeValue(given[0])} on a parameter; expected none, as the parameter's own is reported`,
        );
      }
      declareReport(target, method, { parameters: [{ index: descriptorOrIndex, kind, key }] });
      // A parameter decorator is not given the method, which is put into its class after it has run.
      queueMicrotask(() => observeMethod(target, method));
      return;
    }
    if (given.length === 0) {
      throw new TypeError(`${name}('${key}') has no value; expected one, save on a parameter`);
    }
    const metadata: ReportMetadata = { [kind]: { [key]: given[0] } };
    reportDecorator(metadata)(target, method, descriptorOrIndex);
  };
}
