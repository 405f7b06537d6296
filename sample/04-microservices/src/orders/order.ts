import type { Receipt } from '../payments/charge';

/** What the orders service is asked for; a price in cents. */
export interface NewOrder {
  lines: { sku: string; cents: number }[];
  card: string;
}

/** Its answer. */
export interface PlacedOrder {
  id: number;
  receipt: Receipt;
}
