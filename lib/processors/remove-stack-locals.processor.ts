import type { RavenEvent, StackTrace } from '../protocol/event';
import type { Processor } from './processor';

/** Drops the local variables of all frames. Source: raven-python's `RemoveStackLocalsProcessor`. */
export class RemoveStackLocalsProcessor implements Processor {
  process(event: RavenEvent): void {
    for (const { stacktrace } of [...(event.exception?.values ?? []), ...(event.threads?.values ?? [])]) {
      dropVars(stacktrace);
    }
    dropVars(event.stacktrace as StackTrace | undefined);
  }
}

function dropVars(stacktrace: StackTrace | undefined): void {
  for (const frame of stacktrace?.frames ?? []) delete frame.vars;
}
