import type ts from 'typescript';
import type { TypeScript } from './load-typescript';

const DEFAULT_INDENT = '  ';
/** The first indented line that is none of a block comment. */
const INDENTED = /^(\t| {2,8})(?=[^\s*])/m;
const IMPORT_QUOTE = /^\uFEFF?import\b[^'"]*(['"])/m;

/** A file's text, its syntax, and how it is written, so that what is added looks like the rest. Never changed itself. */
export class SourceCode {
  readonly file: ts.SourceFile;
  readonly eol: string;
  /** One step of indentation. */
  readonly indent: string;
  /** As its imports have them. */
  readonly quote: string;
  /** Whether types may be written there. */
  readonly isTyped: boolean;

  constructor(
    readonly ts: TypeScript,
    readonly path: string,
    readonly text: string,
  ) {
    this.file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    this.eol = text.includes('\r\n') ? '\r\n' : '\n';
    this.indent = INDENTED.exec(text)?.[1] ?? DEFAULT_INDENT;
    this.quote = IMPORT_QUOTE.exec(text)?.[1] ?? "'";
    this.isTyped = !/\.[cm]?js$/.test(path);
  }

  /** Whether it has errors of syntax. */
  get isBroken(): boolean {
    if (this.path.endsWith('.json')) return !isJson(this.text);
    const { diagnostics = [] } = this.ts.transpileModule(this.text, {
      fileName: this.path,
      reportDiagnostics: true,
      compilerOptions: { experimentalDecorators: true, target: this.ts.ScriptTarget.ES2022 },
    });
    return diagnostics.some(({ file }) => file !== undefined);
  }

  insert(position: number, added: string): SourceCode {
    return this.replace(position, position, added);
  }

  replace(start: number, end: number, added: string): SourceCode {
    return new SourceCode(this.ts, this.path, this.text.slice(0, start) + added + this.text.slice(end));
  }

  /** The nodes of a kind, as they stand in the file. */
  all<T extends ts.Node>(isWanted: (node: ts.Node) => node is T): T[] {
    const found: T[] = [];
    const visit = (node: ts.Node): void => {
      if (isWanted(node)) found.push(node);
      this.ts.forEachChild(node, visit);
    };
    visit(this.file);
    return found;
  }

  /** Behind the comments that follow on the same line. */
  behindComments(position: number): number {
    return this.ts.getTrailingCommentRanges(this.text, position)?.at(-1)?.end ?? position;
  }

  isEndOfLine(position: number): boolean {
    return /^[ \t]*(\r?\n|$)/.test(this.text.slice(position));
  }

  /** The white space that the position's line begins with. */
  indentAt(position: number): string {
    return /^[ \t]*/.exec(this.lineAt(position))?.[0] ?? '';
  }

  lineAt(position: number): string {
    const start = this.text.lastIndexOf('\n', position - 1) + 1;
    const end = this.text.indexOf('\n', position);
    return this.text.slice(start, end === -1 ? undefined : end).trimEnd();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}
