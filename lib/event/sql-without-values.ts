import { cutText } from './cut-text';

const DEFAULT_MAX_LENGTH = 2048;
/** In place of every value. */
const VALUE = '?';
const CUT = '...';
/** Databases allow names of 128 characters at most. */
const MAX_NAME = 128;

const SPACE = /\s+/y;
const WORD = /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/iy;
const NUMBER = /\d[\w.]*(?:(?<=e)[+-]\d+)?/iy;
/** `$1`, `?`, `?1`, `:name`, `:1`, `@name`, and of casts `:type`. */
const PLACEHOLDER = /\$\d{1,5}(?![\w.$])|\?\d{0,3}(?!\w)|:\d{1,3}(?!\w)|[:@][a-z_]\w*/iy;
const DOLLAR_QUOTE = /\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/iy;
/** What may stand before a string's quote and belongs to it. */
const STRING_PREFIX = /^(?:[benrx]|u|_\w+)$/i;
/** Oracle's q'[...]', which ends where the text between its quotes says. */
const OWN_DELIMITERS = /^n?q$/i;
const PLAIN_NAME = /^[a-z_][\w$]*$/i;
/** After these words what stands in double quotes is a value, not a column. */
const BEFORE_VALUES = /^(?:values?|in|like|ilike|rlike|regexp|between|interval|escape|then|else)$/i;
const NO_CONTEXT = /^(?:null|default|true|false)$/i;
const OPERATOR = /[=<>!~+*/%|^&-]/;

/**
 * A query without the values in it: strings, numbers and what is quoted by dollars become `?`, comments are left out,
 * white space becomes one space. Names in double quotes or backticks, and placeholders, stay. Never throws; takes time
 * in proportion to the text's length, at most.
 *
 * Databases disagree about backslashes, double quotes, nested comments and `#`. Where it is not certain that a
 * value ends, the rest of the query is left out. What is in double quotes stays only where it looks like a name and
 * stands where no value would: MySQL takes it for a string.
 *
 * @param maxLength - longest result in UTF-16 units; a longer one ends in `...`
 */
export function sqlWithoutValues(sql: string, maxLength = DEFAULT_MAX_LENGTH): string {
  return cutText(new Scanner(sql, maxLength).scan(), maxLength);
}

class Scanner {
  private position = 0;
  private result = '';
  /** What the result ended with before the last white space. */
  private last = '';
  private isSpaced = false;
  /** The last word that says what follows it. */
  private word = '';
  private readonly isMySql: boolean;

  constructor(
    private readonly sql: string,
    private readonly maxLength: number,
  ) {
    this.isMySql = sql.includes('`');
  }

  scan(): string {
    while (this.position < this.sql.length && this.result.length <= this.maxLength) this.step();
    return this.result.trim();
  }

  private step(): void {
    const { sql, position } = this;
    const character = sql[position];
    switch (character) {
      case "'":
        return this.value(this.endOfQuoted(position, character, false));
      case '"':
        return this.doubleQuoted();
      case '`':
        return this.backticked();
      case '#':
        // Of PostgreSQL's operators, or MySQL's comment, or a name in SQL Server.
        return /[>#=-]/.test(sql[position + 1] ?? '') ? this.keep(position + 1) : this.lineComment(false);
      case '-':
        if (sql[position + 1] !== '-') return this.keep(position + 1);
        // For MySQL it is two signs, where no space follows.
        return this.lineComment(/\s|^$/.test(sql[position + 2] ?? ''));
      case '/':
        return sql[position + 1] === '*' ? this.blockComment() : this.keep(position + 1);
      default:
        return this.other(character);
    }
  }

  private other(character: string): void {
    const { position } = this;
    const space = this.match(SPACE);
    if (space) return this.space(position + space.length);
    const number = this.match(NUMBER);
    if (number) return this.value(position + number.length);
    const word = this.match(WORD);
    if (word) return this.wordOrPrefix(word);
    if (character === '$') {
      const quote = this.match(DOLLAR_QUOTE);
      if (quote) {
        const end = this.sql.indexOf(quote, position + quote.length);
        return this.value(end === -1 ? undefined : end + quote.length);
      }
    }
    this.keep(position + (this.match(PLACEHOLDER)?.length ?? 1));
  }

  private wordOrPrefix(word: string): void {
    const end = this.position + word.length;
    if (this.sql[end] === "'") {
      if (OWN_DELIMITERS.test(word)) return this.value(undefined);
      if (STRING_PREFIX.test(word)) {
        return this.value(this.endOfQuoted(end, "'", word === 'e' || word === 'E'));
      }
    }
    if (word.length > MAX_NAME) return this.value(end);
    if (!NO_CONTEXT.test(word)) this.word = word;
    this.keep(end);
  }

  private doubleQuoted(): void {
    const { sql, position } = this;
    const end = this.endOfQuoted(position, '"', false);
    if (
      end === undefined ||
      end - position > MAX_NAME ||
      !PLAIN_NAME.test(sql.slice(position + 1, end - 1))
    ) {
      return this.value(end);
    }
    const isQualified = this.last === '.' || sql[end] === '.';
    if (isQualified || !(this.isMySql || this.isWhereValuesStand())) this.keep(end);
    else this.value(end);
  }

  private isWhereValuesStand(): boolean {
    return BEFORE_VALUES.test(this.word) || OPERATOR.test(this.last);
  }

  private backticked(): void {
    const { sql, position } = this;
    const end = sql.indexOf('`', position + 1);
    if (end === -1) return this.value(undefined);
    const isName = end - position <= MAX_NAME && !/['"\\]/.test(sql.slice(position, end));
    if (isName) this.keep(end + 1);
    else this.value(end + 1);
  }

  /** @returns where it ends; undefined where it does not, or where databases disagree about that */
  private endOfQuoted(start: number, quote: string, isEscaped: boolean): number | undefined {
    const { sql } = this;
    let from = start + 1;
    for (;;) {
      const end = sql.indexOf(quote, from);
      if (end === -1) return undefined;
      let backslashes = 0;
      while (end - backslashes > from && sql[end - backslashes - 1] === '\\') backslashes++;
      if (backslashes % 2 === 1) {
        if (!isEscaped) return undefined;
        from = end + 1;
      } else if (sql[end + 1] === quote) {
        from = end + 2;
      } else {
        return end + 1;
      }
    }
  }

  private lineComment(isCertain: boolean): void {
    const { sql, position } = this;
    const newline = sql.indexOf('\n', position);
    const end = newline === -1 ? sql.length : newline;
    const comment = sql.slice(position, end);
    if ((!isCertain || comment.includes('\r')) && /['"`]/.test(comment)) return this.value(undefined);
    this.space(end);
  }

  private blockComment(): void {
    const { sql, position } = this;
    const end = sql.indexOf('*/', position + 2);
    // PostgreSQL's comments nest, those of others do not.
    if (end === -1 || sql.slice(position + 2, end).includes('/*')) return this.value(undefined);
    this.space(end + 2);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    return pattern.exec(this.sql)?.[0];
  }

  private space(end: number): void {
    if (this.result !== '' && !this.isSpaced) this.result += ' ';
    this.isSpaced = true;
    this.position = end;
  }

  private keep(end: number): void {
    this.add(this.sql.slice(this.position, end));
    this.position = end;
  }

  /** @param end - undefined where nothing is certain from here on */
  private value(end: number | undefined): void {
    this.add(end === undefined ? VALUE + CUT : VALUE);
    this.position = end ?? this.sql.length;
  }

  private add(text: string): void {
    this.result += text;
    this.last = text.at(-1) ?? '';
    this.isSpaced = false;
  }
}
