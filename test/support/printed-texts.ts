import { vi } from 'vitest';

/** Keeps what is written to stdout and stderr from there, until mocks are restored. @returns the texts, as they come */
export function printedTexts(): string[] {
  const printed: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  }
  return printed;
}
