import { isBuiltIn, processorByName } from '../processors/processor-names';
import type { Processor, ProcessorFunction } from '../processors/processor';
import type { RavenEvent } from '../protocol/event';
import type { ClassOf, ProcessorOption } from '../raven.options';
import { forget, isThenable } from '../event/thenable';

/** Makes an instance of a class: Nest's container where it has one, else `new Class(client)`. */
export type Instantiate = <T>(type: ClassOf<T>) => T;

/** The processors of a client, in order, ready to run. */
export function processorChain(
  options: readonly ProcessorOption[],
  instantiate: Instantiate,
): ProcessorFunction[] {
  return options.map((option) => {
    if (typeof option === 'string') {
      const type = processorByName(option);
      if (!type) throw new TypeError(`RavenClient: there is no processor "${option}"`);
      return runner(instantiate(type));
    }
    if (isProcessorClass(option)) return runner(instantiate(option));
    return typeof option === 'function' ? (option as ProcessorFunction) : runner(option);
  });
}

/** Whether there is one that the app wrote, which may change anything. */
export function hasForeign(options: readonly ProcessorOption[]): boolean {
  return options.some((option) => typeof option !== 'string' && !isBuiltIn(option));
}

/** Runs an event through all of them; an exception of one of them is the caller's. */
export function runProcessors(chain: readonly ProcessorFunction[], event: RavenEvent): RavenEvent {
  return chain.reduce((current, processor) => {
    const answer: unknown = processor(current) ?? current;
    if (isThenable(answer)) {
      forget(answer);
      throw new TypeError('it returned a promise; a processor has to be done when it returns');
    }
    if (typeof answer !== 'object') throw new TypeError(`it returned a ${typeof answer}; expected an event`);
    return answer as RavenEvent;
  }, event);
}

function runner(processor: Processor): ProcessorFunction {
  return (event) => processor.process(event);
}

function isProcessorClass(option: ProcessorOption): option is ClassOf<Processor> {
  if (typeof option !== 'function') return false;
  const prototype = (option as { prototype?: Partial<Processor> }).prototype;
  return typeof prototype?.process === 'function';
}
