/** What the commands take from outside. */
export interface CliSurroundings {
  /** Environment variables. */
  env: NodeJS.ProcessEnv;
  /** The folder that it was called in, absolute. */
  folder: string;
  /** Writes to the standard output. */
  out: (text: string) => void;
  /** Writes to the standard error. */
  err: (text: string) => void;
}
