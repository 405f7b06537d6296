import { currentScope } from '../../context/scope';
import { className } from '../../event/safe-read';
import { hasMethods, overlayMethod } from '../overlay-method';
import type { RavenApp } from '../raven-app';
import { runOf } from './failed-runs';
import { JobScope } from './job-scope';

/** What @nestjs/cqrs says of an error that it swallows. */
interface UnhandledException {
  /** The event or the command, or a saga's name. */
  cause?: unknown;
  exception?: unknown;
}

/** Tells the UnhandledExceptionBus by its class's name: importing its class would need the package. */
export function isExceptionBus(instance: object): boolean {
  return className(instance) === 'UnhandledExceptionBus' && hasMethods(instance, ['publish']);
}

/**
 * Reports what @nestjs/cqrs finds unhandled: errors of event handlers, of sagas, and of the commands that
 * sagas have executed. What a command or a query fails with otherwise goes to who had it executed.
 *
 * An app may publish exceptions elsewhere than on the bus, and then no subscriber hears of them; so this one
 * object's `publish` is overlaid.
 *
 * @returns takes the overlay away
 */
export function watchExceptionBus(app: RavenApp, bus: object): () => void {
  return overlayMethod(
    bus,
    'publish',
    (publish) =>
      function (info, ...rest) {
        report(app, info as UnhandledException | undefined);
        return publish.call(this, info, ...rest);
      },
  );
}

function report(app: RavenApp, info: UnhandledException | undefined): void {
  const { cause, exception } = info ?? {};
  const run = runOf(exception);
  const name = typeof cause === 'string' ? cause : className(cause);
  const scope = run?.scope ?? new JobScope(app, () => ({ kind: 'cqrs', name }), 'cqrs', [], currentScope());
  scope.note(exception, run?.at ?? {});
}
