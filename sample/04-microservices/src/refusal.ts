/** What a service refuses for the caller's own sake, as it comes from a client: nobody has to look at it. */
export interface Refusal {
  refusal: string;
}

export function isRefusal(error: unknown): error is Refusal {
  return typeof (error as Partial<Refusal> | null)?.refusal === 'string';
}
