/** What stands in place of a value that must not leave the process: always eight asterisks, whatever it was. */
export const MASK = '********';
