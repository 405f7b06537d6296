/** The object or list that a text is the JSON of; undefined for any other text. */
export function parseJsonText(text: string): object | undefined {
  if (!looksLikeJson(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a text begins as the JSON of an object or a list does; it may have been cut. */
export function looksLikeJson(text: string): boolean {
  return /^\s{0,64}[[{]/.test(text);
}
