import { itemQuantity, type EncodedItem, type Envelope } from './envelope';
import { itemCategory } from './item-category';

/** An envelope that was read back: what is needed to send it again. */
export interface ParsedEnvelope {
  headers: Envelope['headers'];
  items: EncodedItem[];
}

const NEWLINE = 0x0a;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads an envelope as `joinEnvelope` writes it. Stricter than servers are: each item has a `length` in bytes and ends
 * with a newline, so that an envelope that was cut off is not taken for a whole one, but where items are missing as
 * a whole. Payloads are not looked into.
 *
 * Of the header only the keys that a client sends are taken, and `sent_at` is not: it is written anew on sending.
 *
 * @returns `undefined` for anything else; never throws
 */
export function parseEnvelope(bytes: Buffer): ParsedEnvelope | undefined {
  const headerEnd = bytes.indexOf(NEWLINE);
  const headers = readHeaders(readLine(bytes, 0, headerEnd));
  if (headers === undefined) return undefined;
  const items: EncodedItem[] = [];
  let start = headerEnd + 1;
  while (start < bytes.byteLength) {
    const item = readItem(bytes, start);
    if (item === undefined) return undefined;
    items.push(item);
    start += item.bytes.byteLength;
  }
  return { headers, items };
}

function readItem(bytes: Buffer, start: number): EncodedItem | undefined {
  const lineEnd = bytes.indexOf(NEWLINE, start);
  const line = readLine(bytes, start, lineEnd);
  const type = line?.['type'];
  const length = line?.['length'];
  if (line === undefined || typeof type !== 'string' || typeof length !== 'number') return undefined;
  if (!Number.isSafeInteger(length) || length < 0) return undefined;
  const payloadStart = lineEnd + 1;
  const payloadEnd = payloadStart + length;
  if (bytes[payloadEnd] !== NEWLINE) return undefined;
  return {
    type,
    category: itemCategory(type),
    quantity: itemQuantity({ ...line, type }),
    bytes: bytes.subarray(start, payloadEnd + 1),
    payload: bytes.subarray(payloadStart, payloadEnd),
  };
}

/** One line that is a JSON object and nothing else. */
function readLine(bytes: Buffer, start: number, end: number): Record<string, unknown> | undefined {
  if (end < start || bytes[start] !== OPENING_BRACE || bytes[end - 1] !== CLOSING_BRACE) return undefined;
  try {
    return JSON.parse(UTF_8.decode(bytes.subarray(start, end))) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Copies what is known key by key, so that no `__proto__` of the file's gets anywhere. */
function readHeaders(line: Record<string, unknown> | undefined): Envelope['headers'] | undefined {
  if (line === undefined) return undefined;
  const { event_id: eventId, sdk, dsn, trace } = line;
  const headers: Envelope['headers'] = {};
  if (eventId !== undefined) {
    if (typeof eventId !== 'string') return undefined;
    headers.event_id = eventId;
  }
  if (sdk !== undefined) {
    if (!isObject(sdk) || typeof sdk['name'] !== 'string' || typeof sdk['version'] !== 'string') {
      return undefined;
    }
    headers.sdk = { name: sdk['name'], version: sdk['version'] };
  }
  if (dsn !== undefined) {
    if (typeof dsn !== 'string') return undefined;
    headers.dsn = dsn;
  }
  if (trace !== undefined) {
    if (!isObject(trace)) return undefined;
    const entries = Object.entries(trace).filter(([key]) => key !== '__proto__');
    if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return undefined;
    headers.trace = Object.fromEntries(entries);
  }
  return headers;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
