import { NodeHttpTransport } from 'nestjs-raven';

export const options = { transport: NodeHttpTransport };
