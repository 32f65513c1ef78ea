import { once } from 'node:events';
import { Command } from 'commander';
import type { Demo } from '../serve/demo/story.ts';
import type { Server } from '../serve/server.ts';
import { printLines } from './output.ts';
import { followImports } from './progress.ts';
import { terminalScreen } from './screen.ts';
import { must, type Session, sessionOf } from './session.ts';
import { stopSignal } from './stop-signal.ts';

export function serveCommand(): Command {
  return new Command('serve')
    .description('take files over SFTP, import them, send webhooks; stays up until Ctrl-C')
    .option('--sftp-port <port>', 'where SFTP listens (2022)')
    .option('--http-port <port>', 'where HTTP listens (8080)')
    .option('--host <address>', 'the address both listen on (127.0.0.1)')
    .option('--demo', 'with an account, a file and a webhook receiver to play with')
    .action((options, command) =>
      serve(
        sessionOf(command, {
          'sftp.port': options.sftpPort,
          'http.port': options.httpPort,
          host: options.host,
        }),
        options.demo === true,
      ),
    );
}

async function serve(session: Session, demo: boolean): Promise<void> {
  const config = demo ? withLoopbackWebhooks(session.config) : session.config;
  // Loaded here, as no other command needs SSH and HTTP.
  const { startServer } = await import('../serve/server.ts');
  const { createLog } = await import('../serve/log.ts');
  const { runDemo } = await import('../serve/demo/story.ts');
  const stopping = stopSignal();
  const server = must(await startServer(config, createLog(process.stderr.isTTY === true)));
  let running: Demo | undefined;
  try {
    announce(server, session.json);
    if (demo) running = await runDemo(server, terminalScreen(server.store), stopping);
    await (process.stdout.isTTY && !session.json ? follow(server, stopping) : aborted(stopping));
  } finally {
    await running?.stop();
    await server.stop();
  }
}

async function follow(server: Server, stopping: AbortSignal): Promise<void> {
  printLines(['', 'Ctrl-C stops the server.', '']);
  await followImports(server.store, stopping);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

function announce({ config, hostKeys, sftpPort, httpPort }: Server, json: boolean): void {
  const [hostKey, next] = hostKeys;
  if (json) {
    printLines([
      JSON.stringify({
        ready: true,
        sftp_port: sftpPort,
        http_port: httpPort,
        host_key: hostKey.fingerprint,
      }),
    ]);
    return;
  }
  printLines([
    `policydrop listens; everything is kept in ${config.data}`,
    `  SFTP  ${config.host}:${sftpPort}   host key ${hostKey.fingerprint}`,
    ...(next ? [`        announced as the next host key: ${next.fingerprint}`] : []),
    `  HTTP  http://${config.host}:${httpPort}/readyz`,
  ]);
}

/** The demo's receiver stands on this machine. */
function withLoopbackWebhooks(config: Session['config']): Session['config'] {
  return { ...config, webhooks: { ...config.webhooks, allow: [...config.webhooks.allow, '127.0.0.1/32'] } };
}
