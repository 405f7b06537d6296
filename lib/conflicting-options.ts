import { describeValue } from './describe-value';
import { processorByName } from './processors/processor-names';
import { RemoveStackLocalsProcessor } from './processors/remove-stack-locals.processor';
import { SanitizeKeysProcessor } from './processors/sanitize-keys.processor';
import { SanitizePasswordsProcessor } from './processors/sanitize-passwords.processor';
import { DEFAULT_OPTIONS, type ResolvedOptions } from './raven.options';
import { MEMORY_SHARES } from './transport/memory-shares';

/** Says what two options do to each other, and what to do; nothing where they get along. */
type Conflict = (options: ResolvedOptions) => string | false | undefined;

const CONFLICTS: readonly Conflict[] = [
  // Spotlight gets what sampling keeps from the server.
  ({ sampleRate, spotlight }) =>
    sampleRate === 0 &&
    !spotlight &&
    '"sampleRate" is 0: no error is sent, though all of them are looked at; expected "enabled: false" to send none',

  ({ dist, release }) =>
    dist !== undefined &&
    release === undefined &&
    `the dist is ${describeValue(dist)}, and there is no release to go along with: it is not sent; expected "release" or SENTRY_RELEASE`,

  ({ sanitizeKeys, processors }) =>
    sanitizeKeys !== undefined &&
    sanitizeKeys.length > 0 &&
    !hasProcessor(processors, SanitizeKeysProcessor) &&
    '"sanitizeKeys" masks nothing without the SanitizeKeysProcessor; expected \'raven.processors.SanitizeKeysProcessor\' among "processors"',

  ({ sendDefaultPii, processors }) =>
    sendDefaultPii &&
    !hasProcessor(processors, SanitizePasswordsProcessor) &&
    '"sendDefaultPii" sends bodies, and "processors" has no SanitizePasswordsProcessor: passwords in them are sent as they are; expected \'raven.processors.SanitizePasswordsProcessor\' among "processors"',

  ({ captureLocals, processors }) =>
    captureLocals &&
    hasProcessor(processors, RemoveStackLocalsProcessor) &&
    `"captureLocals" is '${captureLocals}', and the RemoveStackLocalsProcessor drops all variables again; expected one of both`,

  ({ captureLocals, installProcessHandlers }) =>
    captureLocals === 'uncaught' &&
    !installProcessHandlers &&
    '"captureLocals" is \'uncaught\', and with "installProcessHandlers: false" no uncaught error is reported; expected the handlers, or \'all\'',

  ({ enableBreadcrumbs, maxBreadcrumbs, beforeBreadcrumb }) =>
    beforeBreadcrumb !== undefined &&
    (!enableBreadcrumbs || maxBreadcrumbs === 0) &&
    `"beforeBreadcrumb" is never called: ${enableBreadcrumbs ? '"maxBreadcrumbs" is 0' : '"enableBreadcrumbs" is false'}`,

  ({ includePaths, excludePaths }) =>
    includePaths.some((path) => excludePaths.includes(path)) &&
    '"includePaths" and "excludePaths" have an entry in common, and "excludePaths" wins; expected it in one of both',

  ({ transport, axios, spool }) => {
    const lost = [axios && '"axios"', spool && '"spool"'].filter(Boolean);
    return (
      typeof transport === 'object' &&
      lost.length > 0 &&
      `"transport" is made already, and gets nothing of ${lost.join(' and ')}; expected its class, or that it is made with them`
    );
  },

  ({ raiseSendErrors, spool }) =>
    raiseSendErrors &&
    spool !== undefined &&
    '"raiseSendErrors" raises what cannot be sent instead of keeping it, so the "spool" gets none of it; expected one of both',

  ({ spool, installProcessHandlers }) =>
    spool?.durability === 'shutdown' &&
    !installProcessHandlers &&
    '"spool" is to be written at the end, and with "installProcessHandlers: false" an end by an uncaught error or process.exit() is not seen; expected the handlers, or "durability: \'crash\'"',

  ({ stormGuard, maxQueueLength }) => {
    const limit = (stormGuard || DEFAULT_OPTIONS.stormGuard).limit ?? DEFAULT_OPTIONS.stormGuard.limit;
    return (
      maxQueueLength <= limit &&
      `"maxQueueLength" is ${maxQueueLength}: an error in a loop fills it and drives out all others, as ${stormGuard ? `"stormGuard" holds back from ${limit} on` : 'there is no "stormGuard"'}; expected a "stormGuard" with a "limit" below it`
    );
  },

  ({ maxAttachmentBytes, maxQueueBytes }) =>
    maxAttachmentBytes > maxQueueBytes * MEMORY_SHARES.held &&
    `"maxAttachmentBytes" is ${maxAttachmentBytes}, and "maxQueueBytes" has room for ${Math.floor(maxQueueBytes * MEMORY_SHARES.held)}: an event with more goes without its attachments; expected a larger "maxQueueBytes"`,
];

/**
 * What of options that are valid each by itself works against another: a line for each, for whoever set them.
 *
 * Options that are refused together are the business of `validateOptions`.
 */
export function conflictsIn(options: ResolvedOptions): string[] {
  const { name } = options;
  const whose = name === undefined ? 'the options' : `the options of ${describeValue(name)}`;
  return CONFLICTS.map((conflict) => conflict(options))
    .filter((line) => typeof line === 'string')
    .map((line) => `${whose} work against each other: ${line}`);
}

/** Whether one of the processors is of that class or of one made of it. */
function hasProcessor(
  processors: ResolvedOptions['processors'],
  type: new (...args: never[]) => object,
): boolean {
  return processors.some((given) => {
    const processor = typeof given === 'string' ? processorByName(given) : given;
    const prototype: unknown = typeof processor === 'function' ? processor.prototype : processor;
    return prototype === type.prototype || prototype instanceof type;
  });
}
