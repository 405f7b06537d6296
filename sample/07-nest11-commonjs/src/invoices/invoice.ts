/** An invoice; amounts in cents. */
export interface Invoice {
  id: number;
  cents: number;
  /** Some old ones have none. */
  terms?: { days: number };
}
