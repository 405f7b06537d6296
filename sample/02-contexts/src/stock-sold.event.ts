/** An event of CQRS: something was sold. */
export class StockSold {
  constructor(readonly sku: string) {}
}
