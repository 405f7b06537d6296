import { DISCARD_REASONS, type DiscardReason, type Discards } from '../protocol/discards';
import type { EncodedItem } from '../protocol/envelope';
import { DATA_CATEGORIES, type DataCategory } from '../protocol/item-category';
import { isObject } from '../value-kinds';

const MAX_LINES = 100;

/**
 * Adds what client reports say to the counts of their server, from which it goes on with reports of our own. What
 * is no report, from whomever, adds nothing.
 */
export function takeReports(reports: readonly EncodedItem[], discards: Discards): void {
  for (const { payload } of reports) {
    for (const line of linesOf(payload).slice(0, MAX_LINES)) {
      const { reason, category, quantity } = (isObject(line) ? line : {}) as Record<string, unknown>;
      if (isReason(reason) && isCategory(category) && Number.isSafeInteger(quantity)) {
        discards.record(reason, category, Number(quantity));
      }
    }
  }
}

function linesOf(payload: Buffer): unknown[] {
  try {
    const { discarded_events: lines } = JSON.parse(payload.toString('utf8')) as {
      discarded_events?: unknown;
    };
    return Array.isArray(lines) ? (lines as unknown[]) : [];
  } catch {
    return [];
  }
}

function isReason(value: unknown): value is DiscardReason {
  return (DISCARD_REASONS as readonly unknown[]).includes(value);
}

function isCategory(value: unknown): value is DataCategory {
  return (DATA_CATEGORIES as readonly unknown[]).includes(value);
}
