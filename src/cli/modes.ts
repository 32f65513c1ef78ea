import { Option } from 'commander';
import { MODES, type Mode } from '../domain/mode.ts';

/** `--mode test|live|both`, without a default where something keeps the modes that it has. */
export function modesOption({ isChange = false } = {}): Option {
  const option = new Option('--mode <mode>', 'which mode is allowed').choices([...MODES, 'both']);
  return isChange ? option : option.default('both');
}

export function modesOf(choice: Mode | 'both'): readonly Mode[] {
  return choice === 'both' ? MODES : [choice];
}

/** For options that may be given several times. */
export function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}
