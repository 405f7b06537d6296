/** What the payments service is asked for. */
export interface Charge {
  cents: number;
  card: string;
}

/** Its answer. */
export interface Receipt {
  paidCents: number;
}
