import type { ClassOf } from '../raven.options';
import {
  builtInEventTypes,
  type EventType,
  type EventTypeFunction,
  type EventTypeOption,
  type ExceptionEventOptions,
} from './event-types';
import type { Instantiate } from './processor-chain';

/** The kinds of events a client knows: raven's by name, the app's own by class. */
export class EventTypeRegistry {
  private readonly builtIn: ReadonlyMap<string, EventTypeFunction>;
  private readonly custom = new Map<ClassOf<EventType>, EventTypeFunction>();

  constructor(
    told: ExceptionEventOptions,
    private readonly instantiate: Instantiate,
  ) {
    this.builtIn = builtInEventTypes(told);
  }

  /** @throws TypeError for a name that is no event type */
  get(option: EventTypeOption): EventTypeFunction {
    if (typeof option === 'string') {
      const type = this.builtIn.get(option.replace(/^raven\.events\./, ''));
      if (!type) throw new TypeError(`there is no event type "${option}"`);
      return type;
    }
    if (typeof option === 'object') return (options) => option.capture(options);
    return isEventTypeClass(option) ? this.ofClass(option) : (option as EventTypeFunction);
  }

  /** Whether the event is an exception, which has a stack of its own and is reported once. */
  isException(type: EventTypeFunction): boolean {
    return type === this.builtIn.get('Exception');
  }

  private ofClass(type: ClassOf<EventType>): EventTypeFunction {
    let known = this.custom.get(type);
    if (!known) {
      const instance = this.instantiate(type);
      known = (options) => instance.capture(options);
      this.custom.set(type, known);
    }
    return known;
  }
}

function isEventTypeClass(option: EventTypeOption): option is ClassOf<EventType> {
  const prototype = (option as { prototype?: Partial<EventType> }).prototype;
  return typeof prototype?.capture === 'function';
}
