import { runCli } from './cli/program.ts';

// The bootstrap holds the other end of this channel: when it is killed, this process must not live on.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();

process.exitCode = await runCli(process.argv.slice(2));
