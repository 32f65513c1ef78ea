export type Waiting = { readonly in_flight: number; readonly failing: boolean; readonly due_at: number };

/** Places that are free: of one endpoint, in all, and for endpoints that are failing. */
export type Room = { readonly perEndpoint: number; readonly places: number; readonly probes: number };

export type Share<One> = { readonly one: One; readonly share: number };

const FOR_PROBES = 1 / 4; // of the places

/**
 * Divides the places among endpoints with something due, those first that have the least under way and have waited
 * longest. One that is failing gets a single place, to see whether it is back; all of those together get no more than `probes`,
 * and a quarter of the places, so that however many they are, the others have theirs.
 */
export function fairShares<One extends Waiting>(
  waiting: readonly One[],
  { perEndpoint, places, probes }: Room,
): Share<One>[] {
  const failing = waiting.filter((one) => one.failing && one.in_flight === 0);
  const well = waiting.filter((one) => !one.failing && one.in_flight < perEndpoint);
  const probing = Math.min(probes, failing.length, Math.ceil(places * FOR_PROBES));
  return [...divide(failing, probing, 1), ...divide(well, places - probing, perEndpoint)];
}

function divide<One extends Waiting>(waiting: readonly One[], places: number, each: number): Share<One>[] {
  const inTurn = waiting.toSorted((a, b) => a.in_flight - b.in_flight || a.due_at - b.due_at);
  const fair = Math.max(1, Math.floor(places / inTurn.length));
  let free = places;
  return inTurn.slice(0, places).map((one) => {
    const share = Math.min(each - one.in_flight, fair, free);
    free -= share;
    return { one, share };
  });
}
