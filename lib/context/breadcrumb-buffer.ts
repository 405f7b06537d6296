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

/**
 * The last N breadcrumbs of a context, oldest first.
 *
 * A fork shares its parent's crumbs until one of the two records another: forking costs nothing.
 */
export class BreadcrumbBuffer {
  private crumbs: RecordedBreadcrumb[] = [];
  /** Where the oldest crumb stands once the buffer is full. */
  private start = 0;
  private shared = false;

  /** @param capacity - how many crumbs are kept; 0 keeps none */
  constructor(private readonly capacity: number) {}

  /** Adds a crumb; the oldest one goes when the buffer is full. */
  record(crumb: RecordedBreadcrumb): void {
    if (this.capacity === 0) return;
    if (this.shared) {
      this.crumbs = this.toArray();
      this.start = 0;
      this.shared = false;
    }
    if (this.crumbs.length < this.capacity) {
      this.crumbs.push(crumb);
      return;
    }
    this.crumbs[this.start] = crumb;
    this.start = (this.start + 1) % this.capacity;
  }

  /** The crumbs, oldest first, in an array of the caller's own. */
  toArray(): RecordedBreadcrumb[] {
    return [...this.crumbs.slice(this.start), ...this.crumbs.slice(0, this.start)];
  }

  /** A buffer that begins with these crumbs and goes its own way. */
  fork(): BreadcrumbBuffer {
    const child = new BreadcrumbBuffer(this.capacity);
    child.crumbs = this.crumbs;
    child.start = this.start;
    child.shared = this.shared = true;
    return child;
  }

  clear(): void {
    this.crumbs = [];
    this.start = 0;
    this.shared = false;
  }
}
