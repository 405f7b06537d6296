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

/** What a buffer begins with: most scopes record nothing. Never written to. */
const NONE: (RecordedBreadcrumb | undefined)[] = [];
const NO_SIZES: number[] = [];

/**
 * The newest breadcrumbs of a context, oldest first, bounded by their number and their size.
 *
 * A fork shares its parent's crumbs until one of the two records another: forking costs nothing.
 */
export class BreadcrumbBuffer {
  private crumbs: (RecordedBreadcrumb | undefined)[] = NONE;
  /** What the crumb at the same place takes. Not beside it in an object of its own: that would be one more for each. */
  private sizes: number[] = NO_SIZES;
  /** Where the oldest crumb stands; those before it are gone. */
  private start = 0;
  private bytes = 0;
  private isShared = true;
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
    const bytes = breadcrumbSize(crumb);
    if (bytes <= this.maxBytes) this.add(crumb, bytes);
    else this.addShortened(crumb);
  }

  private add(crumb: RecordedBreadcrumb, bytes: number): void {
    if (this.isShared || this.start > this.capacity) {
      this.crumbs = this.crumbs.slice(this.start);
      this.sizes = this.sizes.slice(this.start);
      this.start = 0;
      this.isShared = false;
    }
    this.crumbs.push(crumb);
    this.sizes.push(bytes);
    this.bytes += bytes;
    while (this.length > this.capacity || this.bytes > this.maxBytes) this.dropOldest();
  }

  /** The crumbs, oldest first, in an array of the caller's own. */
  toArray(): RecordedBreadcrumb[] {
    const crumbs: RecordedBreadcrumb[] = [];
    for (let index = this.start; index < this.crumbs.length; index++) {
      const crumb = this.crumbs[index];
      if (crumb) crumbs.push(crumb);
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
    child.crumbs = this.crumbs;
    child.sizes = this.sizes;
    child.start = this.start;
    child.bytes = this.bytes;
    child.isShared = this.isShared = true;
    child.inherited = isWork ? this.length : this.inherited;
    return child;
  }

  clear(): void {
    this.crumbs = NONE;
    this.sizes = NO_SIZES;
    this.start = this.bytes = 0;
    this.isShared = true;
    this.inherited = undefined;
  }

  private get length(): number {
    return this.crumbs.length - this.start;
  }

  private dropOldest(): void {
    this.bytes -= this.sizes[this.start];
    this.crumbs[this.start] = undefined;
    this.start += 1;
    if (this.inherited) this.inherited -= 1;
  }

  private addShortened(crumb: RecordedBreadcrumb): void {
    const { message } = crumb;
    const short = {
      ...crumb,
      message: typeof message === 'string' ? ownText(message, MAX_LONE_MESSAGE) : message,
      data: null,
    };
    const bytes = breadcrumbSize(short);
    if (bytes <= this.maxBytes) this.add(short, bytes);
  }
}
