/** What the process ends with. */
export const EXIT_CODE = {
  fine: 0,
  /** The event did not arrive, or there is a problem. */
  problem: 1,
  /** An argument or a setting with which the command cannot begin. */
  usage: 2,
} as const;
