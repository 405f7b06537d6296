import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';

/** Who asks; a header stands for a session. */
interface CustomerRequest {
  headers: Record<string, string | undefined>;
  user?: { id: string; username: string };
}

const IDS: Record<string, string> = { ada: '1001', grace: '1002', linus: '1003' };

// #region guard
@Injectable()
export class CustomerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<CustomerRequest>();
    const username = request.headers['x-customer'];
    if (!username) throw new UnauthorizedException('say who you are in X-Customer');
    if (!(username in IDS)) throw new Error('the session store does not answer');
    request.user = { id: IDS[username], username };
    return true;
  }
}
// #endregion guard
