import type { AccountCounts, DropReason } from '../transport/account';

/** What a client has counted and what its transport has, together; only the client knows what was captured. */
export function addCounts(client: AccountCounts, transport: AccountCounts): AccountCounts {
  const dropped = { ...client.dropped };
  for (const [reason, quantity] of Object.entries(transport.dropped) as [DropReason, number][]) {
    dropped[reason] = (dropped[reason] ?? 0) + quantity;
  }
  return {
    captured: client.captured,
    sent: client.sent + transport.sent,
    retried: client.retried + transport.retried,
    spooled: client.spooled + transport.spooled,
    recovered: client.recovered + transport.recovered,
    dropped,
    lastError: transport.lastError ?? client.lastError,
  };
}
