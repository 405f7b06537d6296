import { Catch, type ExceptionFilter } from '@nestjs/common';

const witnesses = new WeakSet<object>();

/** Whether a filter is a witness: asking its type would have it take note. */
export function isWitness(filter: object): boolean {
  return witnesses.has(filter);
}

/**
 * A filter that sees every exception and takes none.
 *
 * Nest asks each filter's types in turn whether the exception is an instance of one of them, before any
 * filter runs. This filter's type takes note of the question and answers no, so that what the app's own
 * filters and Nest's default do is not touched in any way, and nothing runs while no exception is raised.
 *
 * @param onException - told of the exception; must not throw
 */
export function createWitness(onException: (exception: unknown) => void): ExceptionFilter {
  class AnyException {
    static [Symbol.hasInstance](exception: unknown): boolean {
      onException(exception);
      return false;
    }
  }

  @Catch(AnyException)
  class ExceptionWitness implements ExceptionFilter {
    /** Never called: the witness's type has no instances. */
    catch(): void {}
  }
  const witness = new ExceptionWitness();
  witnesses.add(witness);
  return witness;
}
