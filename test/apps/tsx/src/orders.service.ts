import { Inject, Injectable } from '@nestjs/common';
import { RavenClient } from 'nestjs-raven';

/** What runs TypeScript by esbuild knows no types at run time: what is injected has to be named. */
@Injectable()
export class OrdersService {
  constructor(@Inject(RavenClient) private readonly raven: RavenClient) {}

  fail(): never {
    this.raven.captureBreadcrumb({ message: 'about to fail' });
    throw new Error('handler');
  }
}
