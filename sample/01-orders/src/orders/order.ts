/** An order of the shop; amounts in cents. */
export interface Order {
  id: number;
  customer: string;
  lines: { sku: string; quantity: number; cents: number }[];
  address?: { city: string };
}

/** There is no such order. The app answers 404 by a filter of its own. */
export class OrderNotFound extends Error {
  override readonly name = 'OrderNotFound';
  constructor(readonly id: number) {
    super(`there is no order ${id}`);
  }
}
