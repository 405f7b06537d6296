import type { FileState, Found, SourceReader } from './read-source';

/** Of the four threads in which Node does its work with files, two are always left to the app. */
const MAX_AT_ONCE = 2;

/** Reads few files at a time, and none while the disk hangs. */
export class BoundedReader implements SourceReader {
  private running = 0;
  private isHanging = false;
  private readonly waiting = new Set<(mayRead: boolean) => void>();

  constructor(private readonly reader: SourceReader) {}

  async read(path: string, maxBytes: number, known?: FileState): Promise<Found> {
    if (this.isHanging) return 'unreadable';
    if (this.running < MAX_AT_ONCE) this.running += 1;
    else if (!(await this.turn())) return 'unreadable';
    try {
      return await this.reader.read(path, maxBytes, known);
    } finally {
      this.isHanging = false;
      this.passOn();
    }
  }

  readNow(path: string, maxBytes: number, known?: FileState): Found {
    return this.isHanging ? 'unreadable' : this.reader.readNow(path, maxBytes, known);
  }

  /** Says that what is being read takes too long: until one of it has ended, nothing else is begun. */
  giveUp(): void {
    this.isHanging = this.running > 0;
    for (const waiting of this.waiting) waiting(false);
    this.waiting.clear();
  }

  private turn(): Promise<boolean> {
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  /** Whoever waits takes the place of the one that ended. */
  private passOn(): void {
    for (const waiting of this.waiting) {
      this.waiting.delete(waiting);
      return waiting(true);
    }
    this.running -= 1;
  }
}
