import {
  Controller,
  Get,
  Injectable,
  Module,
  NotFoundException,
  UseGuards,
  type CanActivate,
} from '@nestjs/common';
import { RavenClient, RavenModule, Tag, type RavenOptions } from 'nestjs-raven';

@Injectable()
export class OrdersService {
  constructor(private readonly raven: RavenClient) {}

  fail(): never {
    this.raven.captureBreadcrumb({ message: 'about to fail' });
    throw new Error('handler');
  }
}

@Injectable()
class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('guard');
  }
}

@Tag('area', 'orders')
@Controller('orders')
class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get('handler/:id')
  handler(): void {
    this.orders.fail();
  }

  @Get('guard')
  @UseGuards(FailingGuard)
  guard(): void {}

  @Get('missing')
  missing(): void {
    throw new NotFoundException();
  }
}

const options: RavenOptions = { dsn: process.env.SENTRY_DSN, release: process.version };

@Module({
  imports: [RavenModule.forRoot(options)],
  controllers: [OrdersController],
  providers: [OrdersService],
})
export class AppModule {}
