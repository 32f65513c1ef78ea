const POISONOUS = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that mean something else to an object than a member of it: never a member of ours. */
export function isPoisonous(name: string): boolean {
  return POISONOUS.has(name);
}
