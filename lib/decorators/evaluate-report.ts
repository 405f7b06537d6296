import type { CaptureContext } from '../client/capture-context';
import type { EventOptions } from '../client/capture-options';
import { runQuietly } from '../context/scope';
import { forget, isThenable } from '../event/thenable';
import type { FailedCall } from './failed-calls';
import { reportMetadataOf, type ReportMetadata, type ReportValueFunction } from './report-metadata';

/** Calls that an error passed through, as far as they are known: without arguments where a guard failed first. */
export type KnownCall = Pick<FailedCall, 'type' | 'method'> & { args?: FailedCall['args'] };

/**
 * What the decorators of the given calls say of an event. The call nearest to the throw wins.
 *
 * @param calls - innermost first
 * @param context - what value functions are given
 */
export function evaluateReports(calls: readonly KnownCall[], context: CaptureContext): EventOptions {
  const merged: EventOptions = {};
  for (const call of [...calls].reverse()) {
    const metadata = reportMetadataOf(call.type, call.method);
    merged.tags = { ...merged.tags, ...values(metadata, 'tags', call, context) };
    merged.extra = { ...merged.extra, ...values(metadata, 'extra', call, context) };
    merged.level = metadata.level ?? merged.level;
    merged.fingerprint = fingerprint(metadata, context) ?? merged.fingerprint;
  }
  return merged;
}

function values(
  metadata: ReportMetadata,
  kind: 'tags' | 'extra',
  { args }: KnownCall,
  context: CaptureContext,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(metadata[kind] ?? {})) {
    result[key] = evaluate(value, context);
  }
  for (const parameter of metadata.parameters ?? []) {
    if (args && parameter.kind === kind) result[parameter.key] = args[parameter.index];
  }
  return result;
}

function fingerprint({ fingerprint }: ReportMetadata, context: CaptureContext): string[] | undefined {
  const parts = evaluate(fingerprint, context);
  return Array.isArray(parts) && parts.length > 0 ? parts.map(String) : undefined;
}

/** A function's value, or nothing where it throws or gives a promise: only its own value is lost. */
function evaluate(value: unknown, context: CaptureContext): unknown {
  if (typeof value !== 'function') return value;
  try {
    const answer = runQuietly(() => (value as ReportValueFunction)(context));
    // It would come too late, and nobody waits for its rejection.
    if (!isThenable(answer)) return answer;
    forget(answer);
    return undefined;
  } catch {
    return undefined;
  }
}
