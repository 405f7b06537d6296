import { runQuietly } from '../context/scope';
import { withOwnFrames } from '../protocol/shared-frames';
import type { ProcessorFunction } from '../processors/processor';
import type { RavenEvent } from '../protocol/event';
import type { ProcessorOption } from '../raven.options';
import { hasForeign, processorChain, runProcessors, type Instantiate } from './processor-chain';

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

  /** @throws what a processor throws, or making one of them */
  run(event: RavenEvent): RavenEvent {
    const processors = this.prepare();
    if (this.mayChangeFrames) withOwnFrames(event);
    return runQuietly(() => runProcessors(processors, event));
  }
}
