export type Waiting = { readonly in_flight: number; readonly failing: boolean; readonly due_at: number };

/** Places that are free: of one endpoint, in all, and for endpoints that are failing. */
export type Room = { readonly perEndpoint: number; readonly places: number; readonly probes: number };

/**
 * Divides the places among endpoints with something due, those first that have the least under way and have waited
 * longest. One that is failing gets a single place, to see whether it is back; all of those together get `probes`, so that they cannot
 * take the places of the others.
 */
export function fairShares<One extends Waiting>(
  waiting: readonly One[],
  { perEndpoint, places, probes }: Room,
): { readonly one: One; readonly share: number }[] {
  const inTurn = waiting.toSorted((a, b) => a.in_flight - b.in_flight || a.due_at - b.due_at);
  const fair = Math.max(1, Math.floor(places / waiting.length));
  let free = places;
  let probing = Math.min(probes, places);
  return inTurn.flatMap((one) => {
    const most = one.failing ? Math.min(1 - one.in_flight, probing) : perEndpoint - one.in_flight;
    const share = Math.max(0, Math.min(most, fair, free));
    free -= share;
    if (one.failing) probing -= share;
    return share > 0 ? [{ one, share }] : [];
  });
}
