import { EVENT_TYPES, type EventType } from '../../domain/event.ts';
import { MODES, type Mode } from '../../domain/mode.ts';

/** A mode as stored: 1 test, 2 live; a set of modes is their sum. */
export function modeBit(mode: Mode): number {
  return 1 << MODES.indexOf(mode);
}

export function modeOf(bit: number): Mode {
  return bit === modeBit('live') ? 'live' : 'test';
}

export function modeBits(modes: readonly Mode[]): number {
  return modes.reduce((bits, mode) => bits | modeBit(mode), 0);
}

export function modesOf(bits: number): Mode[] {
  return MODES.filter((mode) => (bits & modeBit(mode)) !== 0);
}

/** An event type as stored; the order of EVENT_TYPES is therefore only ever appended to. */
export function eventBit(type: EventType): number {
  return 1 << EVENT_TYPES.indexOf(type);
}

export function eventBits(types: readonly EventType[]): number {
  return types.reduce((bits, type) => bits | eventBit(type), 0);
}

export function eventsOf(bits: number): EventType[] {
  return EVENT_TYPES.filter((type) => (bits & eventBit(type)) !== 0);
}
