// The commands, one file each; this one gives them the global options, the exit codes and the one place where
// a failure becomes a sentence: 0 done, 1 refused or failed, 2 wrong usage.
import { Command, CommanderError } from 'commander';
import { accountCommands } from './account.ts';
import { apikeyCommands } from './apikey.ts';
import { checkCommand } from './check.ts';
import { deliveryCommands } from './delivery/commands.ts';
import { eventsCommands } from './events.ts';
import { importCommand } from './import.ts';
import { importsCommands } from './imports.ts';
import { keyCommands } from './key.ts';
import { listenCommand } from './listen.ts';
import { printable } from './output.ts';
import { policiesCommands } from './policies/commands.ts';
import { productCommands } from './product.ts';
import { serveCommand } from './serve.ts';
import { Refused } from './session.ts';
import { sftpSubsystemCommand } from './sftp-subsystem.ts';
import { templateCommand } from './template.ts';
import { webhookCommands } from './webhook/commands.ts';

/** Runs one command line (without `node` and the script) and resolves to its exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  process.stdout.on('error', endQuietly);
  const program = new Command('policydrop')
    .description('Drop a CSV file over SFTP, get insurance policies: every row exactly once.')
    .option('--data <dir>', 'where everything is kept (default: ./data, or POLICYDROP_DATA)')
    .option('--config <file>', 'a YAML file with settings (docs/configuration.md)')
    .option('--json', 'one JSON document, or one per line for lists, on standard output')
    .showHelpAfterError('(policydrop --help lists the commands)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const command of [
    serveCommand(),
    accountCommands(),
    keyCommands(),
    apikeyCommands(),
    webhookCommands(),
    deliveryCommands(),
    eventsCommands(),
    listenCommand(),
    checkCommand(),
    importCommand(),
    importsCommands(),
    policiesCommands(),
    productCommands(),
    templateCommand(),
    sftpSubsystemCommand(),
  ]) {
    program.addCommand(command);
  }
  for (const command of everyCommand(program)) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

/** Whoever reads our output, `head` for instance, has had enough. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

function everyCommand(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...everyCommand(child)]);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const lines = (error instanceof Error ? error.message : String(error)).split('\n').map(printable);
  process.stderr.write(`policydrop: ${lines.join('\n  ')}\n`);
  return error instanceof Refused && error.usage ? 2 : 1;
}
