import type { RavenEvent, SdkInfo } from './event';

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
