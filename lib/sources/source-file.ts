import { debugIdIn } from './debug-ids';
import { mapReference } from './map-reference';
import type { FileText } from './read-source';
import { SourceMap } from './source-map';

/** A file of code, with what it says of its source map. */
export class SourceFile {
  /** About how much memory it takes. */
  readonly bytes: number;
  /** The map that is in it. */
  readonly map?: SourceMap;
  /** The file of the map that it names. */
  readonly mapPath?: string;
  readonly debugId?: string;
  private readonly text?: string;
  private split?: readonly string[];

  constructor({ text, isWhole }: FileText, path: string) {
    this.debugId = debugIdIn(text);
    const reference = mapReference(text, path);
    if (reference && 'path' in reference) this.mapPath = reference.path;
    if (reference && 'json' in reference) this.map = SourceMap.parse(reference.json);
    if (isWhole) this.text = text;
    this.bytes = (this.text?.length ?? 0) + (this.map?.bytes ?? 0);
  }

  /** Empty where the file is too large. */
  get lines(): readonly string[] {
    return (this.split ??= this.text?.split('\n') ?? []);
  }
}
