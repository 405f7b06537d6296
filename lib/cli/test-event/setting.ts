/** A setting in force, fit to be shown. */
export interface Setting {
  name: string;
  /** Without anything secret. */
  value: string;
  /** A variable, an option of the command, or what else said it. */
  from: string;
}
