import { styleText } from 'node:util';
import type { Screen } from '../serve/demo/story.ts';
import type { Store } from '../store/store.ts';
import type { Received } from '../webhooks/receiver.ts';
import { printLines, tableLines } from './output.ts';
import { overview } from './policies/commands.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME = 80; // ms
const SHOWN_PER_SECOND = 5; // webhooks; a large file must not drown the terminal
const POLICIES_SHOWN = 5;

/** The demo's story on standard output; what is being waited for moves only where someone can see it move. */
export function terminalScreen(store: Store): Screen {
  return {
    heading: (text) => printLines(['', styleText('bold', text)]),
    done: (text, detail) =>
      printLines([`  ${styleText('green', '✓')} ${text}${detail ? styleText('dim', `  ${detail}`) : ''}`]),
    waiting,
    async policies(one) {
      const { policies } = await store.policies({ import: one.id, limit: POLICIES_SHOWN });
      printLines(['', ...tableLines(policies.toReversed().map(overview)).map((line) => `    ${line}`), '']);
    },
    commands(lines) {
      printLines(
        lines.map(
          ([command, meaning]) =>
            `  ${styleText('cyan', command)}${meaning && styleText('dim', `   ${meaning}`)}`,
        ),
      );
    },
    received: webhookLines(),
  };
}

async function waiting<T>(text: string, until: Promise<T>): Promise<T> {
  if (!process.stdout.isTTY) return until;
  let frame = 0;
  const draw = () => process.stdout.write(`\r  ${FRAMES[frame++ % FRAMES.length]} ${styleText('dim', text)}`);
  const timer = setInterval(draw, FRAME);
  try {
    return await until;
  } finally {
    clearInterval(timer);
    process.stdout.write('\r\x1b[2K');
  }
}

/** A line for each webhook, up to a few a second; the others are only counted. */
function webhookLines(): (delivery: Received) => void {
  let second = 0;
  let shown = 0;
  let hidden = 0;
  return ({ type, id, isGenuine }) => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      if (hidden > 0) printLines([`  ← and ${hidden.toLocaleString('en')} more webhooks`]);
      second = now;
      shown = 0;
      hidden = 0;
    }
    if (shown++ < SHOWN_PER_SECOND)
      printLines([`  ← webhook ${type}  ${id}  ${isGenuine ? 'signature verified' : 'SIGNATURE WRONG'}`]);
    else hidden++;
  };
}
