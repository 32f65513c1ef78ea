import { pino } from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../domain/log.ts';

/** Bytes of lines that nobody has read yet: some thousand lines. */
const UNREAD = 1024 ** 2;

/** Log lines on stderr: short ones for a person at a terminal, JSON for everything else. */
export function createLog(forPerson: boolean, level: 'info' | 'warn' = 'info'): Log {
  const stream = forPerson ? terminal() : lines();
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  let left = 0;
  stream.on('drop', () => left++);
  stream.on('drain', () => {
    if (left > 0) logger.warn({ lines: left }, 'log lines were left out, as nobody read those before them');
    left = 0;
  });
  return {
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
}

function terminal() {
  return pretty({
    destination: 2,
    sync: true,
    ignore: 'pid,hostname',
    translateTime: 'HH:MM:ss',
    singleLine: true,
  });
}

/** Whoever reads the log may stop for a while: the server waits for nobody, and leaves lines out beyond `UNREAD`. */
function lines() {
  return pino.destination({ dest: 2, sync: false, maxLength: UNREAD });
}
