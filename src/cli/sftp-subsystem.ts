import { Command } from 'commander';
import { refused } from '../domain/refusal.ts';
import { pipeSession } from '../sftp/subsystem/pipe-session.ts';
import { must, type Session, sessionOf } from './session.ts';

const OLD_SCP = refused('sftp_only', 'This server speaks SFTP only: use scp without -O.');

export function sftpSubsystemCommand(): Command {
  return new Command('sftp-subsystem')
    .description('one SFTP session on stdin and stdout, for an sshd in front of the running server')
    .requiredOption('--account <name>', 'whose session it is')
    .action((options, command) => serveSession(sessionOf(command), options.account));
}

async function serveSession({ config }: Session, account: string): Promise<void> {
  if (process.env['SSH_ORIGINAL_COMMAND']?.startsWith('scp ')) must(OLD_SCP); // by sshd, for a forced command
  const [source] = process.env['SSH_CONNECTION']?.split(' ') ?? []; // set by sshd: the client's address comes first
  must(await pipeSession(config.data, { account, source }, process.stdin, process.stdout));
}
