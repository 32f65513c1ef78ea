import { NOW } from '../../test/sftp/protocol/a-conversation.ts';
import { Finding } from '../finding.ts';
import { Random } from '../random.ts';
import { Model } from './model.ts';
import type { Seen } from './model-view.ts';
import { Player } from './player.ts';
import type { Site } from './site.ts';
import { randomSteps, type Step, told } from './steps.ts';

/** Where the server and the model parted. */
type Parting = { readonly step: Step | undefined; readonly why: string };

/**
 * Steps of several sessions of one account, each answered as the model says. Where one is not, the fewest steps that
 * show it are told. Gives how many packets were answered.
 */
export async function sequenceCase(site: Site, seed: number): Promise<number> {
  const steps = randomSteps(new Random(seed));
  const { parting, packets } = await play(site, steps);
  if (!parting) return packets;
  const fewest = await shrunk(site, steps);
  const shown = (await play(site, fewest)).parting ?? parting;
  throw new Finding(
    `${shown.why}\nafter these steps:\n${fewest.map((step) => `  ${told(step)}`).join('\n')}`,
  );
}

async function play(site: Site, steps: readonly Step[]): Promise<{ parting?: Parting; packets: number }> {
  const model = new Model(NOW);
  const player = await Player.begin(site, () => model.now);
  let step: Step | undefined;
  try {
    for (step of steps) {
      const [before, actual] =
        step.do === 'wait' ? [model.apply(step), 0] : [undefined, await player.play(step)];
      const expected = before ?? model.apply(step, actual);
      if (!matches(expected, actual)) {
        const why = `answered ${JSON.stringify(actual)}, the model says ${JSON.stringify(expected)}`;
        return { parting: { step, why }, packets: player.packets };
      }
    }
    await player.end();
    if (site.held.size > 0) throw new Finding(`${site.held.size} files are still open after the sessions`);
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    return { parting: { step, why: error.message }, packets: player.packets };
  } finally {
    await player.end().catch(() => {});
    site.held.clear();
  }
  return { packets: player.packets };
}

/** What the model says nothing of may be anything. */
function matches(expected: Seen, actual: Seen): boolean {
  if (typeof expected === 'number' || typeof actual === 'number') return expected === actual;
  return Object.entries(expected).every(
    ([field, value]) => JSON.stringify(actual[field]) === JSON.stringify(value),
  );
}

/** Leaves out what is not needed, larger parts first. */
async function shrunk(site: Site, steps: readonly Step[]): Promise<readonly Step[]> {
  let fewest = steps;
  for (let part = Math.ceil(steps.length / 2); part > 0; part = part === 1 ? 0 : Math.ceil(part / 2)) {
    for (let at = 0; at < fewest.length; ) {
      const fewer = fewest.toSpliced(at, part);
      if ((await play(site, fewer)).parting) fewest = fewer;
      else at += part;
    }
  }
  return fewest;
}
