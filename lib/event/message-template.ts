import { untilStable } from '../processors/until-stable';

/** What stands for each part that varies. */
const VARIABLE = '#';

/** What a part of its own is not in the middle of. */
const BEFORE = String.raw`(?<![\p{L}\d_#-])`;
const AFTER = String.raw`(?![\p{L}\d_#-])`;
const DAY = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';
const MONTH = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';

/** Not an apostrophe, which stands in a word or at its end. */
const quotedBy = (quote: string): string =>
  `(?<![\\p{L}\\d_#\\\\])${quote}[^${quote}\\n]*${quote}(?![\\p{L}\\d_#])`;

/**
 * Parts that may vary, the longest kinds first. Each has a bounded length, or ends at the first of a character; the
 * last one takes whole runs, so that the next attempt is behind them. The time is linear in the text.
 */
const PARTS = new RegExp(
  [
    `(${["'", '"', '`'].map(quotedBy).join('|')})`,
    // The query of a URL.
    String.raw`(\?(?=[\w.~%+[\]-]{1,100}=)[^\s<>]*)`,
    `(${[
      // An e-mail address.
      String.raw`(?<![\p{L}\d_.+#-])[\p{L}\d_.+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63}){1,8}`,
      // 2026-01-31T12:30:00.000Z
      String.raw`${BEFORE}\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?${AFTER}`,
      // Sat, 31 Jan 2026 12:30:00 GMT; Sat Jan 31 2026 12:30:00 GMT+0100 (Central European Standard Time)
      String.raw`${BEFORE}(?:${DAY}),? (?:\d{1,2} (?:${MONTH})|(?:${MONTH}) \d{1,2}) \d{4} \d{2}:\d{2}:\d{2}(?: GMT(?:[+-]\d{4})?(?: \([\p{L} ]{1,60}\))?)?${AFTER}`,
      // A UUID.
      String.raw`${BEFORE}[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}${AFTER}`,
    ].join('|')})`,
    String.raw`((?<![\p{L}\d_#:])[\da-fA-F]{0,4}(?::[\da-fA-F]{0,4}){2,8}(?![\p{L}\d_#:]))`,
    String.raw`(${BEFORE}[\w-]{16,128}${AFTER})`,
    String.raw`[\p{L}\d#]+`,
  ].join('|'),
  'gu',
);
const RUNS = /[\p{L}\d#]+/gu;
/** Of numbers: what comes before and between. */
const SIGNS = /(?<![\p{L}\d_#)\]+-])[+-]+#/gu;
const SERIES = /(\p{L}?)#(?:[.,:]?#)+(\p{L}?)/gu;

const LONG_HEX = /^[\da-f]{16,}$/i;
/** `utf8`, `sha256`, `HTTP2`: their numbers are part of a name. */
const TERM =
  /^(?:utf|ucs|sha|md|base|u?int|float|https?|h|ipv|oauth|x|arm|win|es|s|ec|k|e|i|mp|rs|hs|ps|ed|neo|web|log|p)\d{1,4}(?:s|e|n|p)?$/i;

/** How a text is read. */
export interface TemplateOptions {
  /** Whether quoted text stays: that of the language's own errors names code, as in `(reading 'id')`. */
  keepsQuoted?: boolean;
}

/**
 * The part of a text that does not vary: numbers, ids, dates, addresses, the queries of URLs and what stands in
 * quotes become `#`. The template of a template is itself. Takes time linear in the text.
 */
export function messageTemplate(text: string, { keepsQuoted = false }: TemplateOptions = {}): string {
  // What is behind a quote or an address may be read otherwise once there is a `#`.
  return untilStable(text, (current) => withoutVariables(current, keepsQuoted));
}

function withoutVariables(text: string, keepsQuoted: boolean): string {
  return text
    .replaceAll(
      PARTS,
      (part: string, quoted?: string, query?: string, whole?: string, address?: string, token?: string) => {
        if (quoted !== undefined) return keepsQuoted ? part : part[0] + VARIABLE + part[0];
        if (query !== undefined) return `?${VARIABLE}`;
        if (whole !== undefined) return VARIABLE;
        if (address !== undefined) return /\d/.test(part) ? VARIABLE : part;
        if (token !== undefined) return isOpaque(part) ? VARIABLE : part.replaceAll(RUNS, withoutNumbers);
        return withoutNumbers(part);
      },
    )
    .replaceAll(SIGNS, VARIABLE)
    .replaceAll(SERIES, (series, before: string, after: string) =>
      before && after ? series : before + VARIABLE + after,
    );
}

/** A word of letters and digits as it is, without its number, or none of it where it looks like an id. */
function withoutNumbers(run: string): string {
  if (!/[\d#]/.test(run)) return LONG_HEX.test(run) ? VARIABLE : run;
  if (TERM.test(run)) return run;
  if (/^[\da-f]{6,}$/i.test(run) || /^0x[\da-f]+$/i.test(run)) return VARIABLE;
  // 250ms; what is longer is an id that ends so.
  const [, unit] = /^[\d#]{1,16}(\p{L}{0,3})$/u.exec(run) ?? [];
  if (unit !== undefined) return VARIABLE + unit;
  // user42
  const [, name] = /^(\p{L}{1,20})[\d#]+$/u.exec(run) ?? [];
  return (name ?? '') + VARIABLE;
}

/** Whether a token is one that nobody chose: kinds of characters change within it all the time. */
function isOpaque(token: string): boolean {
  const digits = token.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0;
  const capitals = token.match(/[a-z](?=[A-Z])/g)?.length ?? 0;
  return digits >= 2 && digits + capitals >= 5;
}
