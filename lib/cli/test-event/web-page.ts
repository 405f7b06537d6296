import type { HttpAnswer } from '../../transport/http-client';

/** Whether an answer is for people to look at: HTML by its type, or as it begins. */
export function isWebPage({ header, body }: HttpAnswer): boolean {
  return /\bhtml\b/i.test(header('content-type') ?? '') || /^\s*<(?:!doctype|html|head|body)\b/i.test(body);
}
