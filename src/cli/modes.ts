import { Option } from 'commander';
import { MODES, type Mode } from '../domain/mode.ts';

/** `--mode test|live|both`. */
export function modesOption(): Option {
  return new Option('--mode <mode>', 'which mode is allowed').choices([...MODES, 'both']).default('both');
}

export function modesOf(choice: Mode | 'both'): readonly Mode[] {
  return choice === 'both' ? MODES : [choice];
}

/** For options that may be given several times. */
export function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}
