import type { INestApplication } from '@nestjs/common';
import {
  Body,
  Controller,
  Get,
  HttpException,
  Param,
  Post,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Extra, Tag } from 'nestjs-raven';
import { get } from './test-app';

class SignedIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<{ user: unknown }>().user = {
      id: 17,
      username: 'ada',
      roles: ['admin'],
    };
    return true;
  }
}

/** Fails, whatever it is asked for; what it is asked by is an event with a user, a tag or extra. */
@UseGuards(SignedIn)
@Controller('orders')
export class FailingOrdersController {
  @Get(':id')
  find(@Param('id') @Tag('order') id: string): void {
    throw new Error(`order ${id}`);
  }

  @Post()
  create(@Body() @Extra('body') body: unknown): void {
    throw new HttpException({ body }, 503);
  }
}

/** Makes three events of an app with the controller: query, cookies and trace; a JSON body; a form. */
export async function askForOrders(app: INestApplication): Promise<void> {
  await get(app, '/orders/1?a=1&a=2&empty=&token=x', {
    headers: { cookie: 'session=1; theme=dark', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
  });
  await get(app, '/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ lines: [1, null, { deep: [] }], password: 'x' }),
  });
  await get(app, '/orders', { method: 'POST', body: new URLSearchParams({ a: '1' }) });
}
