/** Why a file is left as it is: how it is to be changed only its author can tell. */
export class ByHand extends Error {
  /** The file; it is known where the change was begun. */
  path?: string;
}
