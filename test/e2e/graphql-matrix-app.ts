import {
  Catch,
  ForbiddenException,
  Injectable,
  InternalServerErrorException,
  NotFoundException,
  ParseIntPipe,
  ServiceUnavailableException,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import {
  Args,
  Field,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  registerEnumType,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';
import { map, Observable } from 'rxjs';

export class OrderError extends Error {}
const SHARED = new Error('one object');

enum Size {
  Small = 'small',
}
registerEnumType(Size, { name: 'Size' });

@ObjectType()
class Order {
  @Field(() => Int)
  id!: number;
  @Field(() => String, { nullable: true })
  customer?: string;
  @Field(() => String, { nullable: true })
  invoice?: string;
  @Field(() => String, { nullable: true })
  notFound?: string;
  @Field(() => Int, { nullable: true })
  stock?: number;
  @Field(() => String, { nullable: true })
  priced?: string;
}

class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('guard');
  }
}
class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}
class FailingPipe implements PipeTransform {
  transform(): never {
    throw new Error('pipe');
  }
}
class FailsBefore implements NestInterceptor {
  intercept(): Observable<unknown> {
    throw new Error('interceptor before');
  }
}
class FailsAfter implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(
      map(() => {
        throw new Error('interceptor after');
      }),
    );
  }
}

/** Makes errors of one class into what the client may read. */
@Catch(OrderError)
class OrderErrorFilter implements ExceptionFilter {
  catch(error: OrderError): GraphQLError {
    return new GraphQLError(`for you: ${error.message}`);
  }
}
@Catch()
class CatchAllToGraphqlError implements ExceptionFilter {
  catch(): GraphQLError {
    return new GraphQLError('something went wrong');
  }
}
@Catch()
class LoggingFilter implements ExceptionFilter {
  catch(error: unknown): unknown {
    return error;
  }
}
@Catch()
class HidingFilter implements ExceptionFilter {
  catch(): never {
    throw new InternalServerErrorException('hidden');
  }
}
@Catch()
class BrokenFilter implements ExceptionFilter {
  catch(): never {
    throw new TypeError('the filter itself');
  }
}
@Catch()
class AnsweringFilter implements ExceptionFilter {
  catch(): string {
    return 'a value instead';
  }
}

@Injectable()
export class Stocks {
  /** One loader for each operation: kept by the context. */
  private readonly loaders = new WeakMap<object, DataLoader<number, number>>();

  of(context: object): DataLoader<number, number> {
    let loader = this.loaders.get(context);
    if (!loader) {
      loader = new DataLoader<number, number>(() => Promise.reject(new Error('batch')), { cache: false });
      this.loaders.set(context, loader);
    }
    return loader;
  }
}

@Resolver(() => Order)
export class MatrixResolver {
  constructor(private readonly stocks: Stocks) {}

  @Query(() => String)
  ok(): string {
    return 'ok';
  }
  @Query(() => String, { nullable: true })
  sync(): string {
    throw new Error('sync');
  }
  @Query(() => String, { nullable: true })
  async async(): Promise<string> {
    await Promise.resolve();
    throw new Error('async');
  }
  @Query(() => String)
  required(): string {
    throw new Error('required');
  }
  @Query(() => String, { nullable: true })
  text(): string {
    // oxlint-disable-next-line no-throw-literal
    throw 'a string';
  }
  @Mutation(() => String, { nullable: true })
  change(): string {
    throw new Error('change');
  }
  @Query(() => String, { nullable: true })
  notFound(): string {
    throw new NotFoundException('no such order');
  }
  @Query(() => String, { nullable: true })
  forbidden(): string {
    throw new ForbiddenException();
  }
  @Query(() => String, { nullable: true })
  unavailable(): string {
    throw new ServiceUnavailableException();
  }
  @Query(() => String, { nullable: true })
  forCaller(): string {
    throw new GraphQLError('on purpose', { extensions: { code: 'SOLD_OUT' } });
  }
  @UseGuards(FailingGuard)
  @Query(() => String, { nullable: true })
  guard(): string {
    return 'never';
  }
  @UseGuards(RefusingGuard)
  @Query(() => String, { nullable: true })
  refused(): string {
    return 'never';
  }
  @Query(() => String, { nullable: true })
  pipe(@Args('value', { type: () => String }, FailingPipe) _value: string): string {
    return 'never';
  }
  @Query(() => String, { nullable: true })
  parsed(@Args('value', { type: () => String }, ParseIntPipe) _value: number): string {
    return 'never';
  }
  @UseInterceptors(FailsBefore)
  @Query(() => String, { nullable: true })
  before(): string {
    return 'never';
  }
  @UseInterceptors(FailsAfter)
  @Query(() => String, { nullable: true })
  after(): string {
    return 'never';
  }
  @UseFilters(OrderErrorFilter)
  @Query(() => String, { nullable: true })
  filtered(): string {
    throw new OrderError('sold out');
  }
  @UseFilters(OrderErrorFilter)
  @Query(() => String, { nullable: true })
  unfiltered(): string {
    throw new Error('of another class');
  }
  @UseFilters(OrderErrorFilter, CatchAllToGraphqlError)
  @Query(() => String, { nullable: true })
  caughtAll(): string {
    throw new Error('turned into a GraphQLError');
  }
  @UseFilters(LoggingFilter, LoggingFilter)
  @Query(() => String, { nullable: true })
  logged(): string {
    throw new Error('handed on by a filter');
  }
  @UseFilters(HidingFilter)
  @Query(() => String, { nullable: true })
  hidden(): string {
    throw new Error('behind the filter');
  }
  @UseFilters(HidingFilter)
  @UseGuards(FailingGuard)
  @Query(() => String, { nullable: true })
  hiddenGuard(): string {
    return 'never';
  }
  @UseFilters(BrokenFilter)
  @Query(() => String, { nullable: true })
  brokenFilter(): string {
    throw new Error('before the filter');
  }
  @UseFilters(AnsweringFilter)
  @Query(() => String, { nullable: true })
  answered(): string {
    throw new Error('answered');
  }
  @Query(() => String)
  missing(): string | null {
    return null;
  }
  @Query(() => Int, { nullable: true })
  count(): unknown {
    return 'not a number';
  }
  @Query(() => Size, { nullable: true })
  size(): unknown {
    return 'huge';
  }
  @Query(() => [Order], { nullable: true })
  list(): unknown {
    return 'no list';
  }
  @Query(() => String, { nullable: true })
  one(): string {
    throw SHARED;
  }
  @Query(() => String, { nullable: true })
  another(): string {
    throw SHARED;
  }
  @Query(() => [Order])
  orders(): Order[] {
    return [{ id: 1 }, { id: 2 }];
  }

  @ResolveField(() => String, { nullable: true })
  customer(): string {
    throw new Error('customer');
  }
  @ResolveField('invoice', () => String, { nullable: true })
  async invoiceOf(@Parent() order: Order): Promise<string> {
    await Promise.resolve();
    throw new Error(`invoice ${order.id}`);
  }
  @ResolveField(() => String, { nullable: true, name: 'notFound' })
  notFoundField(): string {
    throw new NotFoundException('no such field');
  }
  @ResolveField(() => Int, { nullable: true })
  stock(@Parent() order: Order): Promise<number> {
    return this.stocks.of(this.stocks).load(order.id);
  }
  @UseGuards(FailingGuard)
  @ResolveField(() => String, { nullable: true })
  priced(): string {
    return 'guarded only with fieldResolverEnhancers';
  }
}

/** Errors that are reported, each as [message, transaction]. */
type Reported = [message: string, transaction: string][];

/** What is asked, and which errors must be reported for it. */
export const OPERATIONS: Record<string, { query: string; variables?: object; reported: Reported }> = {
  'no error': { query: '{ ok }', reported: [] },
  'an error': { query: '{ sync }', reported: [['sync', 'Query.sync']] },
  'a rejected promise': { query: '{ async }', reported: [['async', 'Query.async']] },
  'an error that leaves no data': { query: '{ required }', reported: [['required', 'Query.required']] },
  'a thrown string': { query: '{ text }', reported: [['a string', 'Query.text']] },
  'an error of a mutation': { query: 'mutation { change }', reported: [['change', 'Mutation.change']] },
  'an HttpException of 404': { query: '{ notFound }', reported: [] },
  'an HttpException of 403': { query: '{ forbidden }', reported: [] },
  'an HttpException of 503': {
    query: '{ unavailable }',
    reported: [['Service Unavailable', 'Query.unavailable']],
  },
  'a GraphQLError': { query: '{ forCaller }', reported: [] },
  'an error of a guard': { query: '{ guard }', reported: [['guard', 'Query.guard']] },
  'a guard that refuses': { query: '{ refused }', reported: [] },
  'an error of a pipe': { query: '{ pipe(value: "x") }', reported: [['pipe', 'Query.pipe']] },
  'a pipe that refuses': { query: '{ parsed(value: "x") }', reported: [] },
  'an interceptor before': { query: '{ before }', reported: [['interceptor before', 'Query.before']] },
  'an interceptor after': { query: '{ after }', reported: [['interceptor after', 'Query.after']] },
  'a filter that makes a GraphQLError': { query: '{ filtered }', reported: [] },
  'a filter for another class': {
    query: '{ unfiltered }',
    reported: [['of another class', 'Query.unfiltered']],
  },
  'a catch-all that makes a GraphQLError': { query: '{ caughtAll }', reported: [] },
  'filters that hand the error on': {
    query: '{ logged }',
    reported: [['handed on by a filter', 'Query.logged']],
  },
  'a filter that hides the error behind a 500': {
    query: '{ hidden }',
    reported: [['behind the filter', 'Query.hidden']],
  },
  "a filter that hides a guard's error": {
    query: '{ hiddenGuard }',
    reported: [['guard', 'Query.hiddenGuard']],
  },
  'a filter that fails itself': {
    query: '{ brokenFilter }',
    reported: [
      ['before the filter', 'Query.brokenFilter'],
      ['the filter itself', 'Query.brokenFilter'],
    ],
  },
  'a filter that gives a value': { query: '{ answered }', reported: [] },
  'null where the schema has none': {
    query: '{ missing }',
    reported: [['Cannot return null for non-nullable field Query.missing.', 'Query.missing']],
  },
  'a value that is no Int': {
    query: '{ count }',
    reported: [['Int cannot represent non-integer value: "not a number"', 'Query.count']],
  },
  'a value that its enum does not have': {
    query: '{ size }',
    reported: [['Enum "Size" cannot represent value: "huge"', 'Query.size']],
  },
  'a value that is no list': {
    query: '{ list { id } }',
    reported: [['Expected Iterable, but did not find one for field "Query.list".', 'Query.list']],
  },
  'several fields': {
    query: '{ sync async notFound ok }',
    reported: [
      ['sync', 'Query.sync'],
      ['async', 'Query.async'],
    ],
  },
  'several aliases of a field': {
    query: '{ a: sync b: sync }',
    reported: [
      ['sync', 'Query.sync'],
      ['sync', 'Query.sync'],
    ],
  },
  'one error object in two fields': { query: '{ one another }', reported: [['one object', 'Query.one']] },
  'a DataLoader batch': { query: '{ orders { stock } }', reported: [['batch', 'Order.stock']] },
  'a field resolver': {
    query: '{ orders { id customer } }',
    reported: [
      ['customer', 'Order.customer'],
      ['customer', 'Order.customer'],
    ],
  },
  'a field resolver of another name': {
    query: 'query { orders { ...Paid } } fragment Paid on Order { bill: invoice }',
    reported: [
      ['invoice 1', 'Order.invoice'],
      ['invoice 2', 'Order.invoice'],
    ],
  },
  'an HttpException of a field resolver': { query: '{ orders { notFound } }', reported: [] },
  'a document that cannot be parsed': { query: '{ sync', reported: [] },
  'a document that is not valid': { query: '{ unknown }', reported: [] },
  'a variable of another type': {
    query: 'query ($value: String!) { pipe(value: $value) }',
    variables: { value: 1 },
    reported: [],
  },
};
