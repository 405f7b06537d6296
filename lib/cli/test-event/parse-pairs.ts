import { UsageError } from '../usage-error';

/**
 * Reads `key=value` texts; the first equals sign parts them, so that values may have more. Of two with the same key
 * the last one holds.
 *
 * @param option - what they were given by, for the message
 * @throws UsageError where one has no equals sign or no key; the message holds none of them
 */
export function parsePairs(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text, index) => {
      const at = text.indexOf('=');
      const key = text.slice(0, Math.max(at, 0)).trim();
      if (key === '') {
        const which = texts.length > 1 ? `number ${index + 1} of ` : '';
        throw new UsageError(
          `${which}${option} has no ${at === -1 ? 'equals sign' : 'key'}; expected key=value, such as ${option} area=orders`,
        );
      }
      return [key, text.slice(at + 1)];
    }),
  );
}
