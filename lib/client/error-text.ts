/** An error for a line in the log; never throws, however hostile the error is. */
export function errorText(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'an error without a readable message';
  }
}
