import { decodePercent, holdsSigns } from './decode-percent';
import { MASK } from './mask';

/** What may stand in a percent-encoded value. */
const RUN = /[\w%.~!*'()+-]{8,}/g;
/** Nobody encodes oftener: what is, is not looked into, but masked whole. */
const MAX_DEPTH = 4;

/**
 * Masks what is secret inside percent-encoded parts of a text, such as the JSON in
 * `GET /orders?filter=%7B%22password%22%3A…`.
 */
export function maskEncoded(
  text: string,
  maskText: (text: string, depth: number) => string,
  depth: number,
): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(RUN, (run) => {
    if (!holdsSigns(run)) return run;
    if (depth >= MAX_DEPTH) return MASK;
    const plain = decodePercent(run);
    const masked = maskText(plain, depth + 1);
    return masked === plain ? run : encoded(masked);
  });
}

/** A masked value as it would be encoded; what cannot be encoded is masked whole. */
export function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half a surrogate pair.
    return MASK;
  }
}
