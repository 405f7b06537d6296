import type { RecordedBreadcrumb } from './breadcrumb-buffer';

/** What a crumb takes beside its texts: the object, its time, its place in the buffer. */
const BYTES_OF_CRUMB = 100;
const BYTES_OF_VALUE = 8;
/** An event shows no more of the data than this. */
const MAX_VALUES = 200;
const MAX_DEPTH = 4;

/**
 * About how many bytes a breadcrumb keeps: a character of its texts counts as one, any other value as eight.
 * Of data no more is looked at than events would show, and what cannot be read counts for nothing.
 */
export function breadcrumbSize({ message, category, data }: RecordedBreadcrumb): number {
  const bytes = BYTES_OF_CRUMB + textSize(message) + textSize(category);
  return data === null ? bytes : bytes + new Sizer().size(data, 0);
}

/** What a hook gave back may be no text. */
function textSize(text: unknown): number {
  return typeof text === 'string' ? text.length : 0;
}

class Sizer {
  private valuesLeft = MAX_VALUES;

  size(value: unknown, depth: number): number {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null) return BYTES_OF_VALUE;
    if (ArrayBuffer.isView(value)) return value.byteLength;
    if (depth >= MAX_DEPTH) return BYTES_OF_VALUE;
    let bytes = BYTES_OF_VALUE;
    try {
      if (Array.isArray(value)) return bytes + this.sizeOfList(value, depth);
      if (Object.getPrototypeOf(value) !== Object.prototype) return bytes + this.sizeOfOwn(value, depth);
      // Nothing is inherited: the same as of its own keys, without a list of them.
      for (const key in value) {
        if (--this.valuesLeft < 0) break;
        bytes += key.length + this.size((value as Record<string, unknown>)[key], depth + 1);
      }
    } catch {
      // A getter or a proxy that fails: its text in the event will be short.
    }
    return bytes;
  }

  private sizeOfOwn(value: object, depth: number): number {
    let bytes = 0;
    for (const key of Object.keys(value)) {
      if (--this.valuesLeft < 0) break;
      bytes += key.length + this.size((value as Record<string, unknown>)[key], depth + 1);
    }
    return bytes;
  }

  private sizeOfList(values: readonly unknown[], depth: number): number {
    let bytes = 0;
    for (let index = 0; index < values.length && --this.valuesLeft >= 0; index++) {
      bytes += this.size(values[index], depth + 1);
    }
    return bytes;
  }
}
