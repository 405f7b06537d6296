// A module as apps have them: a controller, services that call each other, no decorator syntax as nothing is compiled.
import { Controller, Get, HttpException, Inject, Injectable, Module, Param } from '@nestjs/common';

/** Throws what an app throws that was not thought to the end, from where its data are. */
export class CustomersRepository {
  async load(orderId) {
    await Promise.resolve();
    const customer = orderId < 0 ? { name: 'Ada' } : undefined;
    if (!customer) throw new Error(`order ${orderId} has no customer`);
    return customer;
  }
}

export class CustomersService {
  constructor(repository) {
    this.repository = repository;
  }

  async customerOf(orderId) {
    const customer = await this.repository.load(orderId);
    return customer.name;
  }
}

export class OrdersService {
  constructor(customers) {
    this.customers = customers;
  }

  async find(id) {
    await Promise.resolve();
    return { id, customer: 'Ada', lines: [{ article: 'nut', quantity: 12 }], totalCents: 1200 };
  }

  async ship(id) {
    return { id, to: await this.customers.customerOf(id) };
  }

  async cancel(id) {
    await Promise.resolve();
    throw new HttpException({ message: `order ${id} has left`, code: 'TOO_LATE' }, 409);
  }
}

/** What a subject sets for each request; the app puts its function in once it is made. */
export class Description {
  describe = () => undefined;
}

export class OrdersController {
  constructor(orders, description) {
    this.orders = orders;
    this.description = description;
  }

  find(id) {
    return this.orders.find(id);
  }

  describe(id) {
    this.description.describe();
    return this.orders.find(id);
  }

  ship(id) {
    return this.orders.ship(id);
  }

  cancel(id) {
    return this.orders.cancel(id);
  }
}

export class OrdersModule {}

Injectable()(CustomersRepository);
injects(CustomersService, CustomersRepository);
injects(OrdersService, CustomersService);
Injectable()(Description);
injects(OrdersController, OrdersService, Description);
Controller('orders')(OrdersController);
route('find', ':id');
route('describe', ':id/described');
route('ship', ':id/ship');
route('cancel', ':id/cancel');
Module({
  controllers: [OrdersController],
  providers: [OrdersService, CustomersService, CustomersRepository, Description],
})(OrdersModule);

function injects(Class, ...tokens) {
  Injectable()(Class);
  for (const [index, token] of tokens.entries()) Inject(token)(Class, undefined, index);
}

function route(method, path) {
  const { prototype } = OrdersController;
  Get(path)(prototype, method, Object.getOwnPropertyDescriptor(prototype, method));
  Param('id')(prototype, method, 0);
}
