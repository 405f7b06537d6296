import { currentScope } from '../../context/scope';
import { standInFor, type AnyMethod } from '../../decorators/stand-in';
import { factoriesOf, type FactoryWrapper } from '../app-instances';
import { deliverBeforeFailing } from '../jobs/deliver-before-failing';
import { JobScope } from '../jobs/job-scope';
import { NestWork } from '../nest-work';
import type { RavenApp } from '../raven-app';

/**
 * Has provider factories that fail be reported before Nest hears of it and ends the process. Nest has no
 * seam for that: each factory is replaced in the container's own record of it, and put back as soon as it
 * is called. Those that were called before cannot be watched any more; neither can constructors, which Nest
 * does not wait for.
 *
 * @returns puts back those that were never called
 */
export function watchFactories(app: RavenApp): () => void {
  const undo = [...factoriesOf(app.modules)].map((wrapper) => watch(app, wrapper));
  return () => {
    for (const step of undo) step();
  };
}

function watch(app: RavenApp, wrapper: FactoryWrapper): () => void {
  const factory = wrapper.metatype as AnyMethod;
  const restore = (): void => {
    if (wrapper.metatype === watched) wrapper.metatype = factory;
  };
  const watched = standInFor(factory, function (this: unknown, ...args: unknown[]): unknown {
    restore();
    const make = (): unknown => factory.apply(this, args);
    // A factory of request scope fails the request.
    if (currentScope()?.work instanceof NestWork) return make();
    return deliverBeforeFailing(app, make, (error) => {
      const name = `${nameOf(wrapper.token ?? wrapper.name)} (factory)`;
      new JobScope(
        app,
        () => ({ kind: 'lifecycle', name, level: 'fatal' }),
        'lifecycle',
        args,
        currentScope(),
      ).note(error, {});
    });
  });
  wrapper.metatype = watched;
  return restore;
}

function nameOf(token: unknown): string {
  return typeof token === 'function' ? token.name : String(token);
}
