const MAX_PASSES = 5;

/**
 * Masks a text as often as it takes: a mask may bring together what was no credential before, and a text that
 * was masked is to be masked for good. A text that holds nothing is read once.
 */
export function untilStable(text: string, mask: (text: string) => string): string {
  let masked = text;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const again = mask(masked);
    if (again === masked) break;
    masked = again;
  }
  return masked;
}
