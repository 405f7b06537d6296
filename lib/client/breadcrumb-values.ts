import type { RecordedBreadcrumb } from '../context/breadcrumb-buffer';
import { normalize, type NormalizeLimits } from '../event/normalize';
import type { BreadcrumbValue } from '../protocol/event';
import { forget, isThenable } from '../event/thenable';
import { readableText } from './readable-text';

const MAX_MESSAGE_LENGTH = 1024;
const MAX_NAME_LENGTH = 128;
const MAX_LEVEL_LENGTH = 16;
/** Servers keep 2 KiB of a crumb's data, five levels deep; looking at more of it only takes time. */
const DEEPEST_DATA = 4;
const DATA_LIMITS = { maxNodes: 200, maxTotalLength: 2 * 2048 };

/**
 * Recorded breadcrumbs as an event carries them: lazy ones filled in, texts cut, of equal consecutive ones
 * the first. A crumb whose processor throws is left out. Source: raven-python's `BreadcrumbBuffer`.
 */
export function breadcrumbValues(
  crumbs: readonly RecordedBreadcrumb[],
  limits: NormalizeLimits,
): BreadcrumbValue[] {
  const values: BreadcrumbValue[] = [];
  let previous: string | undefined;
  for (const crumb of crumbs) {
    const value = breadcrumbValue(crumb, limits);
    if (!value) continue;
    const { timestamp: _, ...identity } = value;
    const key = JSON.stringify(identity);
    if (key !== previous) values.push(value);
    previous = key;
  }
  return values;
}

function breadcrumbValue(
  { timestampMs, processor, ...recorded }: RecordedBreadcrumb,
  limits: NormalizeLimits,
): BreadcrumbValue | undefined {
  const draft = { ...recorded };
  try {
    const answer: unknown = processor?.(draft);
    // It comes too late for this event.
    if (isThenable(answer)) forget(answer);
    return {
      timestamp: timestampMs / 1000,
      type: cut(draft.type, MAX_NAME_LENGTH) ?? 'default',
      level: cut(draft.level, MAX_LEVEL_LENGTH)?.toLowerCase() ?? null,
      message: cut(draft.message, MAX_MESSAGE_LENGTH),
      category: cut(draft.category, MAX_NAME_LENGTH),
      data:
        draft.data === null
          ? null
          : (normalize(draft.data, {
              ...limits,
              ...DATA_LIMITS,
              maxDepth: Math.min(limits.maxDepth, DEEPEST_DATA),
            }) as Record<string, unknown>),
    };
  } catch {
    return undefined;
  }
}

function cut(text: unknown, length: number): string | null {
  return text === null || text === undefined ? null : readableText(text).slice(0, length);
}
