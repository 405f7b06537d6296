import { watchOutcome, type OnError } from '../../client/watch-outcome';
import { currentScope, runInScope, type Scope } from '../../context/scope';
import { safeRead } from '../../event/safe-read';
import { reportingClient } from '../features/reporting-client';
import { appOf } from '../live-apps';
import { NestWork } from '../nest-work';
import type { RavenApp } from '../raven-app';
import { deliverBeforeFailing } from './deliver-before-failing';
import { Emission } from './emission';
import { rememberRun } from './failed-runs';
import type { JobMark } from './job-marks';
import { JobScope, type Job } from './job-scope';
import type { Around, MethodCall } from './method-wrappers';
import { isFailure, isLastAttempt, nameOfJob, onGivenUp, queueJobOf } from './queue-job';

/**
 * What stands around a method that a library calls: a scope for the run, in which its errors are reported;
 * then they go on to the library, which logs, retries or swallows them as ever.
 *
 * Where the app calls such a method itself, as a part of other work, it is a method like any other: whoever
 * calls it may handle its errors. That is seen by what the call is made in: timers and queues call outside
 * of any work, emitters within an {@link Emission}.
 */
export function aroundJob(marks: readonly JobMark[]): Around {
  return (call) => {
    const scope = currentScope();
    const app = appOf(call.instance, call.at.type);
    const isEmitted = scope instanceof Emission;
    const mark = marks.find(({ calling }) => calling === (isEmitted ? 'emission' : 'task'));
    if (!app || !mark) return call.proceed();
    if (isEmitted)
      return run(
        app,
        mark,
        call,
        new JobScope(app, () => jobOf(mark, call, scope), mark.kind, call.args, scope.outer),
      );
    const work = scope?.work;
    // The tick of a timer that is watched itself: see `watchTicks`.
    if (work instanceof JobScope && work.type === mark.kind && work.take()) return run(app, mark, call, work);
    if (work instanceof NestWork) return call.proceed();
    return run(
      app,
      mark,
      call,
      new JobScope(app, () => jobOf(mark, call, scope), mark.kind, call.args, scope),
    );
  };
}

function run(app: RavenApp, mark: JobMark, call: MethodCall, scope: JobScope): unknown {
  scope.take();
  const proceed = (): unknown => runInScope(scope, call.proceed);
  const note = (error: unknown): void => scope.note(error, call.at);
  switch (mark.kind) {
    case 'cqrs':
      return watchOutcome(proceed, (error) => rememberRun(error, scope, call.at));
    case 'command':
      return deliverBeforeFailing(app, proceed, note);
    default:
      if (!mark.isProcessor) return watchOutcome(proceed, note);
      return watchOutcome(proceed, (error) => noteFailedJob(app, call, error, note));
  }
}

/** An attempt that fails is reported where it was the last one, or where the client that reports asks for each. */
function noteFailedJob(app: RavenApp, { args: [job], at }: MethodCall, error: unknown, note: OnError): void {
  if (!isFailure(error)) return;
  if (isLastAttempt(job, error) || reportingClient(app, error, at)?.options.captureRetries) note(error);
  else onGivenUp(job, () => note(error));
}

function jobOf(mark: JobMark, { args, at }: MethodCall, scope: Scope | undefined): Job {
  const { kind } = mark;
  const method = `${at.type.name}.${at.handlerName}`;
  if (mark.isProcessor) {
    const job = queueJobOf(args[0]);
    return { kind, name: nameOfJob(job) ?? method, contexts: { job: { ...job } } };
  }
  if (kind === 'command') return { kind, name: mark.name ?? method, level: 'fatal' };
  if (scope instanceof Emission) {
    return { kind, name: method, contexts: { event: { name: nameOfEvent(scope.event) } } };
  }
  return { kind, name: mark.name ?? method };
}

/** What was emitted: its name, of a list of names its path, of an event that is an object its class. */
function nameOfEvent(event: unknown): string {
  if (typeof event === 'object' && event !== null && !Array.isArray(event)) {
    return String(safeRead(safeRead(event, 'constructor'), 'name'));
  }
  return Array.isArray(event) ? event.map(String).join('.') : String(event);
}
