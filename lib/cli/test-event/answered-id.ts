import type { HttpAnswer } from '../../transport/http-client';

/** The event's id as the server has it; undefined where the answer does not say one. */
export function answeredId({ body }: HttpAnswer): string | undefined {
  try {
    const { id } = JSON.parse(body) as { id?: unknown };
    return typeof id === 'string' && /^[\da-f-]{32,36}$/i.test(id)
      ? id.replaceAll('-', '').toLowerCase()
      : undefined;
  } catch {
    return undefined;
  }
}
