/** Decided by the folder or the API key, never mixed. */
export type Mode = 'test' | 'live';

export const MODES: readonly Mode[] = ['test', 'live'];
