import { encodedMappings, TraceMap } from '@jridgewell/trace-mapping';

/** A mapping, all from 0: generated column, source, original line and column, and perhaps a name. */
export type Mapping = [number, number, number, number] | [number, number, number, number, number];

/** A source map's JSON, as an object. */
export interface MapJson {
  version: number;
  sources: (string | null)[];
  sourcesContent?: (string | null)[];
  names: string[];
  mappings: string;
  [key: string]: unknown;
}

/** @param lines - mappings by generated line */
export function mapOf(lines: Mapping[][], sources: string[], more: Partial<MapJson> = {}): MapJson {
  const names: string[] = [];
  const mappings = encodedMappings(new TraceMap({ version: 3, names, sources, mappings: lines }));
  return { version: 3, names, sources, mappings, ...more };
}

/** The comment by which a file has its map in it. */
export function inlined(map: object): string {
  const body = Buffer.from(JSON.stringify(map)).toString('base64');
  return `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${body}`;
}
