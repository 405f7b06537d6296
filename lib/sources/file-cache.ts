import type { FileState, FileText, Found, SourceReader } from './read-source';

/** A file as it was when it was last looked at. */
export interface CachedFile<T> {
  /** Undefined where it cannot be read. */
  state?: FileState;
  /** What its text was made into; undefined where it cannot be read, or where room was needed. */
  content?: T;
  /** When it was looked at. */
  checkedMs: number;
  /** Whether nothing newer was found since. */
  isCurrent: boolean;
}

/** How much is kept, and how large a file may be. */
export interface FileCacheLimits {
  maxEntries: number;
  /** Of all contents together; the one that was used last stays, whatever its size. */
  maxBytes: number;
  maxFileBytes: number;
  /** Of a file that is read while everything waits. */
  maxFileBytesNow: number;
}

/** A file is looked at again after this. */
const CHECKED_FOR_MS = 2000;
/** One that cannot be read costs nothing for so long. */
const UNREADABLE_FOR_MS = 30_000;

/** Files, read once and kept until they change. What takes long to read is read once, whoever waits for it. */
export class FileCache<T extends { readonly bytes: number }> {
  private readonly files = new Map<string, CachedFile<T>>();
  private readonly loading = new Map<string, Promise<void>>();
  private bytes = 0;

  /** @param parse - makes the content; undefined where there is nothing in it. May throw */
  constructor(
    private readonly reader: SourceReader,
    private readonly parse: (file: FileText, path: string) => T | undefined,
    private readonly limits: FileCacheLimits,
    private readonly now: () => number,
  ) {}

  /** The file with its content, or as unreadable; undefined where it has to be loaded first. */
  get(path: string): CachedFile<T> | undefined {
    const file = this.files.get(path);
    if (!file || !this.isFresh(file) || (file.state && !file.content)) return undefined;
    this.files.delete(path);
    this.files.set(path, file);
    return file;
  }

  /** As `get`, however long ago it was looked at. */
  getAnyway(path: string): CachedFile<T> | undefined {
    return this.get(path) ?? this.files.get(path);
  }

  /** Contents that are at hand, the one used last at the end. */
  contents(): T[] {
    return [...this.files.values()].flatMap(({ content }) => content ?? []);
  }

  /** Whether it need not be looked at again yet. */
  isFresh({ state, checkedMs }: CachedFile<unknown>): boolean {
    const ageMs = this.now() - checkedMs;
    return ageMs >= 0 && ageMs < (state ? CHECKED_FOR_MS : UNREADABLE_FOR_MS);
  }

  /** Never rejects. */
  load(path: string): Promise<void> {
    const underWay = this.loading.get(path);
    if (underWay) return underWay;
    const loading = this.reader.read(path, this.limits.maxFileBytes, this.known(path)).then(
      (found) => this.take(path, found),
      () => this.take(path, 'unreadable'),
    );
    this.loading.set(path, loading);
    void loading.then(() => this.loading.delete(path));
    return loading;
  }

  /** Loads while everything waits. What is too large for that is there for a later event. */
  loadNow(path: string): void {
    const found = this.reader.readNow(path, this.limits.maxFileBytesNow, this.known(path));
    const isLate = typeof found === 'object' && !found.isWhole && found.size <= this.limits.maxFileBytes;
    if (isLate) void this.load(path);
    else this.take(path, found);
  }

  /** What is being loaded counts as unreadable from now on, until it is there. */
  giveUp(): void {
    for (const path of this.loading.keys()) {
      if (!this.files.get(path)?.content) this.take(path, 'unreadable');
    }
  }

  private known(path: string): FileState | undefined {
    const file = this.files.get(path);
    return file?.content && file.state;
  }

  private take(path: string, found: Found): void {
    const before = this.files.get(path);
    if (found === 'unchanged') {
      if (before) before.checkedMs = this.now();
      return;
    }
    const after = this.fileOf(found, path);
    if (before) this.release(before);
    // What was worked out of it stays true where only its content had gone.
    if (before && isSame(before.state, after.state)) {
      before.checkedMs = after.checkedMs;
      before.content = after.content;
    } else {
      if (before) before.isCurrent = false;
      this.files.delete(path);
      this.files.set(path, after);
    }
    this.bytes += after.content?.bytes ?? 0;
    this.shrink(path);
  }

  private fileOf(found: FileText | 'unreadable', path: string): CachedFile<T> {
    const file: CachedFile<T> = { checkedMs: this.now(), isCurrent: true };
    if (found === 'unreadable') return file;
    try {
      const content = this.parse(found, path);
      if (content) return { ...file, content, state: { mtimeMs: found.mtimeMs, size: found.size } };
    } catch {
      // It is not what its name says.
    }
    return file;
  }

  private release(file: CachedFile<T>): void {
    this.bytes -= file.content?.bytes ?? 0;
    file.content = undefined;
  }

  private shrink(newest: string): void {
    for (const [path, file] of this.files) {
      if (this.files.size <= this.limits.maxEntries) break;
      this.release(file);
      file.isCurrent = false;
      this.files.delete(path);
    }
    for (const [path, file] of this.files) {
      if (this.bytes <= this.limits.maxBytes) break;
      if (path !== newest) this.release(file);
    }
  }
}

function isSame(before: FileState | undefined, after: FileState | undefined): boolean {
  return before?.mtimeMs === after?.mtimeMs && before?.size === after?.size;
}
