/** An order of the shop; the amount in cents. */
export interface Order {
  id: number;
  cents: number;
  address: string;
}
