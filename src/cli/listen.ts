import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Received, startReceiver } from '../webhooks/receiver.ts';
import { isPublicKey, isSecret } from '../webhooks/secret.ts';
import { deliveryLines, deliveryRecord } from './delivery-lines.ts';
import { printLines } from './output.ts';
import { Refused, type Session, sessionOf } from './session.ts';
import { stopSignal } from './stop-signal.ts';

const VARIABLE = 'POLICYDROP_LISTEN_SECRET';

export function listenCommand(): Command {
  return new Command('listen')
    .description('receive webhooks on this machine: shows and verifies each; stays up until Ctrl-C')
    .addOption(
      new Option('--port <port>', 'on 127.0.0.1; 0 takes a free one').default(9999).argParser(portIn),
    )
    .option(
      '--secret <file>',
      `a file with the endpoint's secret, or several, one a line (or set ${VARIABLE})`,
    )
    .addOption(
      new Option('--status <code>', 'what to answer, to play a failing receiver')
        .default(200)
        .argParser(statusIn),
    )
    .action((options, command) => listen(sessionOf(command), options));
}

type ListenOptions = { port: number; secret?: string; status: number };

async function listen({ json }: Session, { port, secret, status }: ListenOptions): Promise<void> {
  const secrets = secretsOf(secret, process.env[VARIABLE]);
  const show = (delivery: Received) => {
    const now = Date.now();
    printLines(
      json ? [JSON.stringify(deliveryRecord(delivery, status, now))] : deliveryLines(delivery, status, now),
    );
  };
  const stopping = stopSignal();
  const receiver = await startReceiver({
    port,
    secrets: () => secrets,
    clock: Date.now,
    answer: (delivery) => {
      show(delivery);
      return status;
    },
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Refused(`Port ${port} is taken. Choose another with --port.`);
  });
  announce(`http://127.0.0.1:${receiver.port}/`, secrets, json);
  if (!stopping.aborted) await once(stopping, 'abort');
  await receiver.close();
}

function announce(url: string, secrets: readonly string[], json: boolean): void {
  const hint = `There is no secret to verify with: put it in a file and give --secret FILE, or set ${VARIABLE}.`;
  const lines = [`Listening on ${url} (any path). Ctrl-C stops.`, ...(secrets.length > 0 ? [] : [hint])];
  printLines(json ? [JSON.stringify({ ready: true, url })] : lines);
}

/** From a file or the environment: who lists this machine's processes sees their arguments. */
function secretsOf(file: string | undefined, variable: string | undefined): readonly string[] {
  if (file !== undefined && (isSecret(file) || isPublicKey(file))) {
    throw new Refused(
      `--secret wants a file: others on this machine can see what stands in arguments. Put the secret in a file, or set ${VARIABLE}.`,
      true,
    );
  }
  const text = file === undefined ? (variable ?? '') : contentOf(file);
  const secrets = text.split(/\s+/).filter((one) => one !== '');
  if (secrets.every((one) => isSecret(one) || isPublicKey(one))) return secrets;
  const where = file === undefined ? VARIABLE : file;
  throw new Refused(
    `${where} holds something that is neither a secret (whsec_…) nor a public key (whpk_…).`,
    true,
  );
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refused(`The secret cannot be read: ${(error as Error).message}`, true);
  }
}

function portIn(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('A port, 0 to 65535, is wanted.');
}

function statusIn(text: string): number {
  if (/^[2-5]\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A status such as 200, 410, 429 or 500 is wanted.');
}
