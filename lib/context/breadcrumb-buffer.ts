import { breadcrumbSize } from './breadcrumb-size';
import { ownText } from './own-text';

/** A breadcrumb as it was recorded: nothing of it is formatted until an event is built. */
export interface RecordedBreadcrumb {
  /** Milliseconds since the epoch. */
  timestampMs: number;
  type: string;
  level: string | null;
  message: string | null;
  category: string | null;
  data: Record<string, unknown> | null;
  /** Fills in the crumb when an event is built; raven's lazy `processor`. */
  processor?: (crumb: BreadcrumbDraft) => void;
}

/** What a breadcrumb's `processor` may fill in. */
export interface BreadcrumbDraft {
  type: string;
  level: string | null;
  message: string | null;
  category: string | null;
  data: Record<string, unknown> | null;
}

/** Longest message of a crumb that is too large as a whole; events show no more of it. */
const MAX_LONE_MESSAGE = 1024;

interface Kept {
  readonly crumb: RecordedBreadcrumb;
  readonly bytes: number;
}

/**
 * The newest breadcrumbs of a context, oldest first, bounded by their number and their size.
 *
 * A fork shares its parent's crumbs until one of the two records another: forking costs nothing.
 */
export class BreadcrumbBuffer {
  private kept: (Kept | undefined)[] = [];
  /** Where the oldest crumb stands; those before it are gone. */
  private start = 0;
  private bytes = 0;
  private isShared = false;
  /** How many crumbs are older than the piece of work; undefined outside of any, and once they were cleared. */
  private inherited: number | undefined;

  /**
   * @param capacity - how many crumbs are kept; 0 keeps none
   * @param maxBytes - most bytes of all of them, as `breadcrumbSize` tells them
   */
  constructor(
    private readonly capacity: number,
    private readonly maxBytes: number,
  ) {}

  /** Adds a crumb; the oldest ones go where there is no room. One that has no room at all loses its data. */
  record(crumb: RecordedBreadcrumb): void {
    if (this.capacity === 0) return;
    const kept = this.fitting(crumb);
    if (!kept) return;
    if (this.isShared || this.start > this.capacity) {
      this.kept = this.kept.slice(this.start);
      this.start = 0;
      this.isShared = false;
    }
    this.kept.push(kept);
    this.bytes += kept.bytes;
    while (this.length > this.capacity || this.bytes > this.maxBytes) this.dropOldest();
  }

  /** The crumbs, oldest first, in an array of the caller's own. */
  toArray(): RecordedBreadcrumb[] {
    const crumbs: RecordedBreadcrumb[] = [];
    for (let index = this.start; index < this.kept.length; index++) {
      const kept = this.kept[index];
      if (kept) crumbs.push(kept.crumb);
    }
    return crumbs;
  }

  /** The crumbs with the one that the piece of work began with before its own, whatever has gone of those. */
  beginningWith(first: RecordedBreadcrumb): RecordedBreadcrumb[] {
    const crumbs = this.toArray();
    if (this.inherited === undefined || this.capacity === 0) return crumbs;
    crumbs.splice(this.inherited, 0, first);
    if (crumbs.length > this.capacity) crumbs.splice(this.inherited > 0 ? 0 : 1, 1);
    return crumbs;
  }

  /**
   * A buffer that begins with these crumbs and goes its own way.
   *
   * @param isWork - whether it is that of a piece of work of its own, or of a part of this one
   */
  fork(isWork: boolean): BreadcrumbBuffer {
    const child = new BreadcrumbBuffer(this.capacity, this.maxBytes);
    child.kept = this.kept;
    child.start = this.start;
    child.bytes = this.bytes;
    child.isShared = this.isShared = true;
    child.inherited = isWork ? this.length : this.inherited;
    return child;
  }

  clear(): void {
    this.kept = [];
    this.start = this.bytes = 0;
    this.isShared = false;
    this.inherited = undefined;
  }

  private get length(): number {
    return this.kept.length - this.start;
  }

  private dropOldest(): void {
    this.bytes -= this.kept[this.start]?.bytes ?? 0;
    this.kept[this.start] = undefined;
    this.start += 1;
    if (this.inherited) this.inherited -= 1;
  }

  private fitting(crumb: RecordedBreadcrumb): Kept | undefined {
    const bytes = breadcrumbSize(crumb);
    if (bytes <= this.maxBytes) return { crumb, bytes };
    const { message } = crumb;
    const short = {
      ...crumb,
      message: typeof message === 'string' ? ownText(message, MAX_LONE_MESSAGE) : message,
      data: null,
    };
    const shortBytes = breadcrumbSize(short);
    return shortBytes <= this.maxBytes ? { crumb: short, bytes: shortBytes } : undefined;
  }
}
