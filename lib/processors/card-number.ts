/** As long as numbers of cards are. */
const SMALLEST = 1e12;
const LARGEST = 1e16;

/**
 * Whether a number is that of a card. A text of that many digits is taken for one at once; but numbers are times
 * and ids, too, so a number has to begin as those of the issuers do (2 to 6) and to have the right check digit.
 */
export function isCardNumber(value: number): boolean {
  if (value < SMALLEST || value >= LARGEST || !Number.isSafeInteger(value)) return false;
  const digits = String(value);
  return digits[0] >= '2' && digits[0] <= '6' && checkSum(digits) % 10 === 0;
}

/** Luhn's: every second digit from the right counts twice. */
function checkSum(digits: string): number {
  let sum = 0;
  for (let position = 0; position < digits.length; position++) {
    const isDoubled = (digits.length - position) % 2 === 0;
    const value = Number(digits[position]) * (isDoubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum;
}
