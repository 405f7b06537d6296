import type { ClassOf } from '../raven.options';
import { observeClass, observeDescriptor } from './observed-method';
import { declareReport, type ReportMetadata } from './report-metadata';

/** A decorator for classes and methods. */
export type ReportDecorator = (
  target: object,
  key?: string | symbol,
  descriptor?: PropertyDescriptor,
) => void;

/** Makes a decorator that says something of a class or a method, and follows the errors leaving it. */
export function reportDecorator(metadata: ReportMetadata): ReportDecorator {
  return (target, key, descriptor) => {
    declareReport(target, key, metadata);
    if (key === undefined) observeClass(target as ClassOf<unknown>);
    else if (descriptor) observeDescriptor(key, descriptor);
  };
}
