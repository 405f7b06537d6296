import type { ExceptionFilter } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';

/**
 * Keeps a witness last among an app's global filters, which are asked from the last to the first: it sees
 * what no handler's witness does, errors of middleware, of unknown routes and of parsing bodies.
 *
 * The app may add filters at any time, and ApplicationConfig tells nobody: there is no public seam for
 * that. So this one object's `getGlobalFilters` is overlaid, and the overlay taken away again.
 *
 * @param onRead - told whenever Nest reads the list, as it does when it binds a handler to which it applies
 * @returns takes witness and overlay away
 */
export function witnessGlobally(
  config: ApplicationConfig,
  witness: ExceptionFilter,
  onRead: () => void,
): () => void {
  const remove = (filters: ExceptionFilter[]): void => {
    const position = filters.indexOf(witness);
    if (position !== -1) filters.splice(position, 1);
  };
  const overlay = (): ExceptionFilter[] => {
    onRead();
    // The list itself is handed out and changed by its readers, so the witness moves inside it.
    const filters = Object.getPrototypeOf(config).getGlobalFilters.call(config) as ExceptionFilter[];
    if (filters.at(-1) !== witness) {
      remove(filters);
      filters.push(witness);
    }
    return filters;
  };
  Object.defineProperty(config, 'getGlobalFilters', { value: overlay, configurable: true, writable: true });
  return () => {
    if (config.getGlobalFilters !== overlay) return;
    delete (config as Partial<ApplicationConfig>).getGlobalFilters;
    remove(config.getGlobalFilters());
  };
}
