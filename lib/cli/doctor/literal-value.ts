const QUOTED = /^(?:'([^'\\]*)'|"([^"\\]*)"|`([^`$\\]*)`)$/;

/**
 * The value of a literal in a source: true, false, a number, a text without escapes, or a list of those.
 *
 * @returns the value in an object of its own; undefined where the text is anything else
 */
export function literalValue(text: string): { value: unknown } | undefined {
  const trimmed = text.trim();
  if (trimmed === 'true' || trimmed === 'false') return { value: trimmed === 'true' };
  if (/^\d[\d_]*(?:\.\d+)?$/.test(trimmed)) return { value: Number(trimmed.replaceAll('_', '')) };
  const quoted = QUOTED.exec(trimmed);
  if (quoted) return { value: quoted[1] ?? quoted[2] ?? quoted[3] };
  const list = /^\[([^[\]]*?),?\s*\]$/.exec(trimmed)?.[1];
  if (list === undefined) return undefined;
  const parts = list.trim() === '' ? [] : list.split(',').map(literalValue);
  return parts.some((part) => part === undefined) ? undefined : { value: parts.map((part) => part?.value) };
}
