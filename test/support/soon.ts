/** For `vi.waitFor`: what must come comes at once, but for a machine that is busy. */
export const SOON = { timeout: 30_000 };
