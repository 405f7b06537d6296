import type * as Tracing from '@jridgewell/trace-mapping';
import { safeRead } from '../event/safe-read';

/** Where a piece of generated code comes from. */
export interface OriginalPosition {
  /** As the map names it, with its `sourceRoot` before it. */
  source: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** What stood there, where it was renamed. */
  name?: string;
  /** The source's text, where the map has it. */
  text?: string;
}

/** A part of the generated code with a map of its own. */
interface Section {
  /** From 0. */
  line: number;
  /** From 0. */
  column: number;
  sources: (string | undefined)[];
  texts: readonly unknown[];
  names: readonly unknown[];
  mappings: string;
  /** What is decoded when it is first asked for. */
  traced?: Tracing.TraceMap;
}

/**
 * Decoding takes about a quarter of a microsecond and a hundred bytes for each mapping, all of them at once and while
 * the app waits: a map of more is not used.
 */
const MAX_MAPPINGS = 1_000_000;
const BYTES_PER_MAPPING = 100;
const MAPPINGS = /^[A-Za-z\d+/,;]*$/;
const MAX_SECTIONS = 10_000;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;

/** A source map of version 3, also one of sections. What it says is taken for what it may be: anything. */
export class SourceMap {
  private constructor(
    private readonly sections: readonly Section[],
    /** About how much memory it takes, decoded. */
    readonly bytes: number,
    /** The generated file that it says it is of. */
    readonly file: string | undefined,
  ) {}

  /** @returns undefined where it is no source map, or too large */
  static parse(json: string): SourceMap | undefined {
    try {
      // Some put this before JSON, so that no browser runs it.
      const map: unknown = JSON.parse(json.startsWith(')]}') ? json.slice(json.indexOf('\n')) : json);
      const sections = sectionsOf(map);
      const mappings = sections.reduce((sum, section) => sum + mappingsIn(section.mappings), 0);
      if (sections.length === 0 || mappings > MAX_MAPPINGS) return undefined;
      const file = safeRead(map, 'file');
      const bytes = json.length + mappings * BYTES_PER_MAPPING;
      return new SourceMap(sections, bytes, typeof file === 'string' ? file : undefined);
    } catch {
      return undefined;
    }
  }

  /**
   * @param line - from 1
   * @param column - from 1; without one the line's first mapping holds
   */
  trace(line: number, column: number | undefined): OriginalPosition | undefined {
    try {
      const section = this.sectionAt(line - 1, column === undefined ? 0 : column - 1);
      return section && traceIn(section, line - 1, column === undefined ? undefined : column - 1);
    } catch {
      return undefined;
    }
  }

  /** The text of a source, where the map has it, by the end of a source's name. */
  textOf(isWanted: (source: string) => boolean): string | undefined {
    for (const { sources, texts } of this.sections) {
      const index = sources.findIndex((source) => source !== undefined && isWanted(source));
      const text = index === -1 ? undefined : texts[index];
      if (typeof text === 'string') return text;
    }
    return undefined;
  }

  /** Whether any of its sources is the one. */
  has(isWanted: (source: string) => boolean): boolean {
    return this.sections.some(({ sources }) =>
      sources.some((source) => source !== undefined && isWanted(source)),
    );
  }

  /** The last section that begins before it. */
  private sectionAt(line: number, column: number): Section | undefined {
    let low = 0;
    let high = this.sections.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { line: startLine, column: startColumn } = this.sections[middle];
      if (startLine < line || (startLine === line && startColumn <= column)) low = middle + 1;
      else high = middle;
    }
    return this.sections[low - 1];
  }
}

function traceIn(section: Section, line: number, column: number | undefined): OriginalPosition | undefined {
  const { TraceMap, traceSegment, decodedMappings } = tracing();
  section.traced ??= new TraceMap({ version: 3, names: [], sources: [], mappings: section.mappings });
  const ownLine = line - section.line;
  const segment =
    column === undefined
      ? decodedMappings(section.traced)[ownLine]?.find(({ length }) => length > 1)
      : traceSegment(section.traced, ownLine, ownLine === 0 ? column - section.column : column);
  if (!segment || segment.length === 1) return undefined;
  const source = section.sources[segment[1]];
  if (source === undefined || segment[2] < 0 || segment[3] < 0) return undefined;
  const name = segment.length === 5 ? section.names[segment[4]] : undefined;
  const text = section.texts[segment[1]];
  return {
    source,
    line: segment[2] + 1,
    column: segment[3] + 1,
    ...(typeof name === 'string' && name !== '' && { name }),
    ...(typeof text === 'string' && { text }),
  };
}

/** Loaded when the first map is found. */
function tracing(): typeof Tracing {
  return require('@jridgewell/trace-mapping') as typeof Tracing;
}

/** In their order; a section's map has no sections of its own. */
function sectionsOf(map: unknown): Section[] {
  const given = safeRead(map, 'sections');
  if (!Array.isArray(given)) return [sectionOf(map, 0, 0)].flatMap((section) => section ?? []);
  const sections = (given as unknown[]).slice(0, MAX_SECTIONS).flatMap((section) => {
    const offset = safeRead(section, 'offset');
    const line = safeRead(offset, 'line');
    const column = safeRead(offset, 'column');
    if (!isIndex(line) || !isIndex(column)) return [];
    return sectionOf(safeRead(section, 'map'), line, column) ?? [];
  });
  return sections.sort((a, b) => a.line - b.line || a.column - b.column);
}

function sectionOf(map: unknown, line: number, column: number): Section | undefined {
  const mappings = safeRead(map, 'mappings');
  const sources = safeRead(map, 'sources');
  if (typeof mappings !== 'string' || !Array.isArray(sources)) return undefined;
  if (!MAPPINGS.test(mappings)) return undefined;
  const root = safeRead(map, 'sourceRoot');
  const texts = safeRead(map, 'sourcesContent');
  const names = safeRead(map, 'names');
  const base = typeof root === 'string' && root !== '' ? root.replace(/\/?$/, '/') : '';
  return {
    line,
    column,
    sources: sources.map((source) => (typeof source === 'string' ? base + source : undefined)),
    texts: Array.isArray(texts) ? (texts as unknown[]) : [],
    names: Array.isArray(names) ? (names as unknown[]) : [],
    mappings,
  };
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function mappingsIn(mappings: string): number {
  let count = 1;
  for (let index = 0; index < mappings.length; index++) {
    const code = mappings.charCodeAt(index);
    if (code === COMMA || code === SEMICOLON) count += 1;
  }
  return count;
}
