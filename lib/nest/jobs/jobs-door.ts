import { MetadataScanner } from '@nestjs/core';
import { safeRead } from '../../event/safe-read';
import type { ClassOf } from '../../raven.options';
import { classesOf, givenInstancesOf, instancesOf } from '../app-instances';
import type { Door } from '../door';
import { hasMethods } from '../overlay-method';
import type { RavenApp } from '../raven-app';
import { markEmissions } from './emission';
import { recordEvent } from './record-event';
import { jobMarksOf } from './job-marks';
import { MethodWrappers } from './method-wrappers';
import { aroundJob } from './run-job';
import { isExceptionBus, watchExceptionBus } from './watch-exception-bus';
import { isSchedulerRegistry, watchTicks } from './watch-ticks';

const wrappers = new MethodWrappers();

/** Where work comes in that nobody asked for: timers, events inside the app, jobs of queues, commands of a command line. */
export class JobsDoor implements Door {
  private readonly undo: (() => void)[] = [];
  private readonly wrapped = new Set<ClassOf<unknown>>();
  private isReady = false;

  constructor(private readonly app: RavenApp) {}

  open(): void {
    for (const type of classesOf(this.app.modules)) this.wrap(type);
  }

  prepare(): void {
    this.ready();
  }

  ready(): void {
    if (this.isReady) return;
    this.isReady = true;
    const { app } = this;
    for (const instance of givenInstancesOf(app.modules)) {
      this.wrap(safeRead(instance, 'constructor') as ClassOf<unknown>);
    }
    for (const instance of new Set(instancesOf(app.modules))) {
      if (isEventEmitter2(instance)) {
        this.undo.push(markEmissions(instance, ['emit', 'emitAsync'], (event) => recordEvent(app, event)));
      }
      if (isSchedulerRegistry(instance)) this.undo.push(watchTicks(app, instance));
      if (isExceptionBus(instance)) this.undo.push(watchExceptionBus(app, instance));
      const subject = subjectOfEventBus(instance);
      if (subject) this.undo.push(markEmissions(subject, ['next']));
    }
  }

  close(): void {
    for (const step of this.undo.splice(0).reverse()) step();
    this.wrapped.clear();
    this.isReady = false;
  }

  private wrap(type: ClassOf<unknown>): void {
    if (
      typeof type !== 'function' ||
      !type.prototype ||
      (type as unknown) === Object ||
      this.wrapped.has(type)
    )
      return;
    this.wrapped.add(type);
    for (const name of new MetadataScanner().getAllMethodNames(type.prototype as object)) {
      const marks = jobMarksOf(type, name);
      if (marks) this.undo.push(wrappers.wrap(type, name, aroundJob(marks)));
    }
  }
}

/** Whether it is the emitter of @nestjs/event-emitter. */
function isEventEmitter2(instance: object): boolean {
  return hasMethods(instance, ['emit', 'emitAsync', 'prependAny']);
}

/** Where the EventBus of @nestjs/cqrs hands events to handlers and sagas, wherever they come from. */
function subjectOfEventBus(instance: object): object | undefined {
  if (!hasMethods(instance, ['publish', 'registerSagas'])) return undefined;
  const subject = safeRead(instance, 'subject$');
  return hasMethods(subject, ['next']) ? subject : undefined;
}
