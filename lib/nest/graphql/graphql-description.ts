import type { RavenClient } from '../../client/raven.client';
import { requestInterface, userFrom, type HttpRequestSource } from '../../event/http-request';
import { BODY_LIMITS } from '../../event/body-limits';
import { normalize } from '../../event/normalize';
import type { RequestInterface } from '../../protocol/event';
import type { GraphqlWork } from './graphql-work';
import { definitionOf, rootType } from './graphql-operation';
import { maskedDocument } from './masked-document';

/** Fields of the event that tell of a GraphQL operation, over those of the request it came by. */
export function describeGraphql(work: GraphqlWork, client: RavenClient): Record<string, unknown> {
  const { sendDefaultPii } = client.options;
  const outer = work.surrounding?.describe(client) ?? {};
  const user = outer.user ?? userFrom(work.user, sendDefaultPii);
  const request = (outer.request as RequestInterface | undefined) ?? requestOf(work, sendDefaultPii);
  const transaction = transactionOf(work);
  return {
    ...outer,
    ...(request && { request: withoutOperation(request) }),
    ...(user !== undefined && { user }),
    ...(transaction !== undefined && { transaction, transaction_info: { source: 'route' } }),
    contexts: { ...(outer.contexts as object | undefined), ...contextOf(work, sendDefaultPii) },
  };
}

/** The field that failed, else the first that is asked for: `Query.orders`. */
function transactionOf({ field, operation }: GraphqlWork): string | undefined {
  if (field) return `${field.parentType}.${field.fieldName}`;
  const definition = definitionOf(operation);
  const [first] = definition?.selectionSet.selections ?? [];
  if (!definition || first?.kind !== 'Field') return undefined;
  return `${rootType(definition.operation, operation.schema)}.${first.name.value}`;
}

function contextOf({ operation, field }: GraphqlWork, sendDefaultPii: boolean): Record<string, unknown> {
  const definition = definitionOf(operation);
  if (!definition) return {};
  const { variables, document, operationName } = operation;
  const hasVariables = sendDefaultPii && variables && Object.keys(variables).length > 0;
  return {
    graphql: {
      operation_name: operationName ?? definition.name?.value,
      operation_type: definition.operation,
      document: maskedDocument(document, sendDefaultPii),
      ...(hasVariables && { variables: normalize(variables, BODY_LIMITS) }),
      path: field?.path?.join('.'),
    },
  };
}

function requestOf({ request }: GraphqlWork, sendDefaultPii: boolean): RequestInterface | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  const { method, url, headers, protocol, ip } = request as HttpRequestSource;
  if (!headers) return undefined;
  const host = Array.isArray(headers.host) ? headers.host[0] : headers.host;
  return requestInterface({ method, url, headers, host, protocol, ip }, { sendDefaultPii, maxBodyLength: 0 });
}

/** Document and variables are told in a context of their own, where their data is masked. */
function withoutOperation({ data: _, query_string: query, ...request }: RequestInterface): RequestInterface {
  if (typeof query !== 'string') return request;
  const left = query.split('&').filter((pair) => !/^(?:query|variables|extensions)=/.test(pair));
  return left.length > 0 ? { ...request, query_string: left.join('&') } : request;
}
