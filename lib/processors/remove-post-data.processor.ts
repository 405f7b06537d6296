import type { RavenEvent } from '../protocol/event';
import type { Processor } from './processor';

/** Drops the body of the request. Source: raven-python's `RemovePostDataProcessor`. */
export class RemovePostDataProcessor implements Processor {
  process(event: RavenEvent): void {
    if (event.request) delete event.request.data;
  }
}
