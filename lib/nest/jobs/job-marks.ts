import type { ClassOf } from '../../raven.options';

/**
 * How a library comes to call a method:
 * - `task`: a timer or a queue does, outside of any other work;
 * - `emission`: somebody emits an event, in whatever work that is done in.
 */
export type Calling = 'task' | 'emission';

/** What says that a library calls a method, by the metadata that its decorators write. */
export interface JobMark {
  readonly kind: 'schedule' | 'event' | 'queue' | 'command' | 'cqrs';
  readonly calling: Calling;
  /** Whether the method processes a job, which is tried again when it fails. */
  readonly isProcessor?: boolean;
  /** The name that the decorator was given. */
  readonly name?: string;
}

interface KnownMark {
  readonly metadata: string;
  /** The method, where the decorator stands on the class. */
  readonly method?: string;
  readonly mark: JobMark;
  /** Where else the name is found: another key of the method's, or a property of the metadata itself. */
  readonly nameKey?: string;
  readonly nameProperty?: string;
}

const schedule: JobMark = { kind: 'schedule', calling: 'task' };
const queue: JobMark = { kind: 'queue', calling: 'task' };
const processor: JobMark = { ...queue, isProcessor: true };
const command: JobMark = { kind: 'command', calling: 'task' };
const cqrs: JobMark = { kind: 'cqrs', calling: 'emission' };

/** The keys are the packages' own; none of them is needed to read them. */
const MARKS: readonly KnownMark[] = [
  { metadata: 'SCHEDULER_TYPE', mark: schedule, nameKey: 'SCHEDULER_NAME' },
  { metadata: 'EVENT_LISTENER_METADATA', mark: { kind: 'event', calling: 'emission' } },
  { metadata: 'bullmq:processor_metadata', method: 'process', mark: processor },
  { metadata: 'bullmq:worker_events_metadata', mark: queue },
  { metadata: 'bullmq:queue_events_metadata', mark: queue },
  { metadata: 'bull:module_queue_process', mark: processor },
  { metadata: 'bull:module_on_queue_event', mark: queue },
  { metadata: '__eventsHandler__', method: 'handle', mark: cqrs },
  // A saga has the bus execute commands while the event is emitted; nobody else does so there.
  { metadata: '__commandHandler__', method: 'execute', mark: cqrs },
  ...['Command', 'Subcommand', 'RootCommand'].map((name) => ({
    metadata: `CommandBuilder:${name}:Meta`,
    method: 'run',
    mark: command,
    nameProperty: 'name',
  })),
];

/** The marks of a method, or undefined where no library calls it. */
export function jobMarksOf(type: ClassOf<unknown>, name: string): readonly JobMark[] | undefined {
  const method = (type.prototype as Record<string, object | undefined>)[name];
  if (typeof method !== 'function') return undefined;
  const found: JobMark[] = [];
  for (const known of MARKS) {
    if (known.method !== undefined && known.method !== name) continue;
    const holder = known.method === undefined ? method : type;
    if (!Reflect.hasMetadata(known.metadata, holder)) continue;
    found.push({ ...known.mark, name: nameOf(known, holder) });
  }
  return found.length > 0 ? found : undefined;
}

function nameOf({ metadata, nameKey, nameProperty }: KnownMark, holder: object): string | undefined {
  let name: unknown;
  if (nameKey !== undefined) name = Reflect.getMetadata(nameKey, holder);
  if (nameProperty !== undefined) {
    name = (Reflect.getMetadata(metadata, holder) as Record<string, unknown> | undefined)?.[nameProperty];
  }
  return typeof name === 'string' && name !== '' ? name : undefined;
}
