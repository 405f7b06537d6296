import { Injectable, NotFoundException } from '@nestjs/common';
import { RavenClient } from 'nestjs-raven';
import type { Invoice } from './invoice';

const TERMS = { days: 30 };

/** Stands for a database. */
@Injectable()
export class InvoicesService {
  private readonly invoices: Invoice[] = [
    { id: 1, cents: 12_500, terms: TERMS },
    { id: 2, cents: 900 },
  ];

  constructor(private readonly raven: RavenClient) {}

  find(id: number): Invoice {
    const invoice = this.invoices.find((candidate) => candidate.id === id);
    if (!invoice) throw new NotFoundException(`there is no invoice ${id}`);
    return invoice;
  }

  create(cents: number): Invoice {
    const invoice = { id: this.invoices.length + 1, cents, terms: TERMS };
    this.invoices.push(invoice);
    return invoice;
  }

  /** In how many days it is due. Fails for those without terms. */
  dueInDays(id: number): number {
    const invoice = this.find(id);
    this.raven.captureBreadcrumb({ category: 'invoices', message: `look up the terms of ${invoice.id}` });
    return (invoice.terms as { days: number }).days;
  }
}
