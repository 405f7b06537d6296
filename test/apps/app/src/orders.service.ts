import { Injectable } from '@nestjs/common';
import { RavenClient } from 'nestjs-raven';

@Injectable()
export class OrdersService {
  constructor(private readonly raven: RavenClient) {}

  fail(): never {
    this.raven.captureBreadcrumb({ message: 'about to fail' });
    throw new Error('handler');
  }
}
