import type { Processor, ProcessorClient } from './processor';
import { RemovePostDataProcessor } from './remove-post-data.processor';
import { RemoveStackLocalsProcessor } from './remove-stack-locals.processor';
import { SanitizeKeysProcessor } from './sanitize-keys.processor';
import { SanitizePasswordsProcessor } from './sanitize-passwords.processor';

/** The class of a processor. */
export type ProcessorClass = new (client: ProcessorClient) => Processor;

const BY_NAME: ReadonlyMap<string, ProcessorClass> = new Map<string, ProcessorClass>([
  ['RemovePostDataProcessor', RemovePostDataProcessor],
  ['RemoveStackLocalsProcessor', RemoveStackLocalsProcessor],
  ['SanitizeKeysProcessor', SanitizeKeysProcessor],
  ['SanitizePasswordsProcessor', SanitizePasswordsProcessor],
]);

/**
 * The processor of that name.
 *
 * @param name - raven's (`raven.processors.SanitizeKeysProcessor`) or the class's alone
 */
export function processorByName(name: string): ProcessorClass | undefined {
  return BY_NAME.get(name.replace(/^raven\.processors\./, ''));
}

/** Whether a class is one of those. */
export function isBuiltIn(type: unknown): boolean {
  return [...BY_NAME.values()].some((builtIn) => builtIn === type);
}

/** Whether there is a processor of that name. */
export function isProcessorName(name: string): boolean {
  return processorByName(name) !== undefined;
}
