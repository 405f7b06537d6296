/** What nobody said but was found out. */
export interface Detected {
  value: string;
  /** A variable's name, or what else said it. */
  from: string;
}
