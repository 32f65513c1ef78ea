import progress, { type SingleBar } from 'cli-progress';
import { BAR_LOOK } from './progress.ts';

/** A bar on a terminal's stderr, once there is something to wait for; elsewhere nothing. */
export function waitingBar(what: string) {
  let bar: SingleBar | undefined;
  return {
    at(done: number, total: number): void {
      if (process.stderr.isTTY !== true || total === 0) return;
      if (!bar) {
        bar = new progress.SingleBar({
          ...BAR_LOOK,
          format: `  {bar} {percentage}%  {value} of {total} ${what}`,
        });
        bar.start(total, done);
      }
      bar.update(done);
    },
    stop: (): void => bar?.stop(),
  };
}
