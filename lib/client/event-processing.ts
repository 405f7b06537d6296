import { runQuietly } from '../context/scope';
import { withOwnFrames } from '../protocol/shared-frames';
import { describeValue } from '../describe-value';
import { forget, isThenable } from '../event/thenable';
import type { ProcessorFunction } from '../processors/processor';
import type { RavenEvent } from '../protocol/event';
import type { EventOptions } from './capture-options';
import type { ProcessorOption } from '../raven.options';
import { plainEvent } from './event-limits';
import { hasForeign, processorChain, runProcessors, type Instantiate } from './processor-chain';

type OwnProcessor = NonNullable<EventOptions['processor']>;

/** The processors of a client, made with the first event at the latest. */
export class EventProcessing {
  private processors?: ProcessorFunction[];
  private readonly mayChangeFrames: boolean;

  constructor(
    private readonly options: readonly ProcessorOption[],
    private readonly instantiate: Instantiate,
  ) {
    this.mayChangeFrames = hasForeign(options);
  }

  /**
   * Makes the processors now, so that one that cannot be made stops the app at start-up.
   *
   * @throws whatever making one of them throws
   */
  prepare(): ProcessorFunction[] {
    return (this.processors ??= processorChain(this.options, this.instantiate));
  }

  /**
   * @param own - the processor of this event alone
   * @returns null where that one drops it
   * @throws what a processor throws, or making one of them
   */
  run(event: RavenEvent, own?: OwnProcessor): RavenEvent | null {
    const processors = this.prepare();
    if (this.mayChangeFrames || own) withOwnFrames(event);
    return runQuietly(() => {
      const given = own ? runOwn(own, event) : event;
      return given && runProcessors(processors, given);
    });
  }
}

/** What it makes of the event is data of the app's: it becomes plain again before others see it. */
function runOwn(own: OwnProcessor, event: RavenEvent): RavenEvent | null {
  if (typeof own !== 'function') throw new TypeError(`it is ${describeValue(own)}; expected a function`);
  const answer: unknown = own(event);
  if (answer === null) return null;
  if (isThenable(answer)) {
    forget(answer);
    throw new TypeError('it returned a promise; a processor has to be done when it returns');
  }
  const given = answer ?? event;
  if (typeof given !== 'object') throw new TypeError(`it returned a ${typeof given}; expected an event`);
  return plainEvent(given as Record<string, unknown>);
}
