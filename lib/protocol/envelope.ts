import type { RavenEvent, SdkInfo } from './event';
import { eventJson } from './event-json';
import { itemCategory, type DataCategory } from './item-category';
import { jsonLine } from './json-line';

/** One item of an envelope before it is serialized. */
export interface EnvelopeItem {
  headers: { type: string; [key: string]: unknown };
  payload: RavenEvent | Record<string, unknown> | Uint8Array;
}

/** What is sent in one request: a header and its items. `sent_at` is written as late as possible. */
export interface Envelope {
  headers: { event_id?: string; sdk?: SdkInfo; dsn?: string; trace?: Record<string, string> };
  items: EnvelopeItem[];
}

/** One item as it goes on the wire; made once, however often it is sent. */
export interface EncodedItem {
  type: string;
  category: DataCategory;
  /** How many things of the category it holds: `item_count` of a batch, else 1. */
  quantity: number;
  /** Header line, payload and the newline after it. */
  bytes: Buffer;
  /** The payload alone; a view into `bytes`. */
  payload: Buffer;
}

const NEWLINE = Buffer.from('\n');

/**
 * Serializes one item: header line with the payload's length in bytes, payload (JSON on one line, or the bytes as
 * they are), newline.
 *
 * @returns `undefined` where the item cannot be written as JSON, which plain data never causes
 */
export function encodeItem(item: EnvelopeItem): EncodedItem | undefined {
  const parts = encodePayload(item);
  if (parts === undefined) return undefined;
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const header = jsonLine({ ...item.headers, length });
  if (header === undefined) return undefined;
  const bytes = Buffer.concat([Buffer.from(header), NEWLINE, ...parts, NEWLINE]);
  const start = bytes.byteLength - length - 1;
  return {
    type: item.headers.type,
    category: itemCategory(item.headers.type),
    quantity: itemQuantity(item.headers),
    bytes,
    payload: bytes.subarray(start, start + length),
  };
}

/** How many things an item holds: `item_count` of a batch, else 1. */
export function itemQuantity(headers: EnvelopeItem['headers']): number {
  const count = headers['item_count'];
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 1;
}

/** Serializes the items of an envelope in their order; leaves out those that `encodeItem` cannot write. */
export function encodeItems(envelope: Envelope): EncodedItem[] {
  return envelope.items.map(encodeItem).filter((item) => item !== undefined);
}

/**
 * Puts an envelope together from items that are serialized already.
 *
 * A `trace` header without a trace id, as a continued trace without baggage has it, is left out: servers want both
 * or none.
 *
 * @param sentAt - the moment of sending; a retry passes a new one, and the server corrects the event's time by it;
 *   left out where it is not sent yet
 */
export function joinEnvelope(
  headers: Envelope['headers'],
  items: readonly EncodedItem[],
  sentAt?: Date,
): Buffer {
  const trace = headers.trace?.['trace_id'] ? headers.trace : undefined;
  const header = jsonLine({ ...headers, trace, sent_at: sentAt?.toISOString() }) ?? '{}';
  return Buffer.concat([Buffer.from(header), NEWLINE, ...items.map((item) => item.bytes)]);
}

/**
 * An envelope as it goes on the wire. Whoever may send it again keeps the result of `encodeItems` and calls
 * `joinEnvelope` each time.
 */
export function serializeEnvelope(envelope: Envelope, options: { sentAt: Date }): Buffer {
  return joinEnvelope(envelope.headers, encodeItems(envelope), options.sentAt);
}

/** In parts that follow each other. */
function encodePayload({ headers, payload }: EnvelopeItem): Buffer[] | undefined {
  if (ArrayBuffer.isView(payload)) {
    return [Buffer.from(payload.buffer as ArrayBuffer, payload.byteOffset, payload.byteLength)];
  }
  if (headers.type === 'event') return eventJson(payload as RavenEvent);
  const json = jsonLine(payload);
  return json === undefined ? undefined : [Buffer.from(json)];
}
