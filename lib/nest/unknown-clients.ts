import { namedByCaptureErrors } from '../decorators/capture-errors.decorator';
import { reportMetadataOf } from '../decorators/report-metadata';
import type { ClassOf } from '../raven.options';
import { classesOf, givenInstancesOf } from './app-instances';
import type { RavenApp } from './raven-app';

/** Apps that were told; RavenModule is there as often as it is imported. */
const told = new WeakSet<RavenApp>();

/**
 * Logs a line for each client that a `@CaptureErrors` of the app names and the app does not have: nothing that
 * it stands on would be reported. The app starts all the same, as a test may well leave such a client out.
 *
 * To be called once all clients are there.
 */
export function tellUnknownClients(app: RavenApp): void {
  const unknown = new Set([...namedByCaptureErrors].filter((name) => app.client(name) === undefined));
  if (unknown.size === 0 || told.has(app)) return;
  told.add(app);
  for (const type of classesIn(app)) {
    for (const method of methodsOf(type)) {
      const name = reportMetadataOf(type, method).capture?.client;
      if (name === undefined || !unknown.delete(name)) continue;
      app
        .client()
        ?.complain(
          `@CaptureErrors on ${type.name}.${String(method)} reports nothing`,
          `there is no client "${name}"; expected the name of one, RavenModule.forRoot({ name: "${name}", … })`,
        );
    }
  }
}

function classesIn({ modules }: RavenApp): Set<ClassOf<unknown>> {
  const ofGiven = [...givenInstancesOf(modules)].map(({ constructor }) => constructor as ClassOf<unknown>);
  return new Set([...classesOf(modules), ...ofGiven].filter((type) => typeof type === 'function'));
}

/** The names of a class's methods, inherited ones included, those of its instances first. */
function* methodsOf(type: ClassOf<unknown>): Iterable<PropertyKey> {
  for (const [first, last] of [
    [type.prototype as object, Object.prototype],
    [type, Function.prototype],
  ]) {
    for (
      let holder: object | null = first;
      holder && holder !== last;
      holder = Object.getPrototypeOf(holder) as object | null
    ) {
      for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
        if (key !== 'constructor' && typeof value === 'function') yield key;
      }
    }
  }
}
