import { pino } from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../domain/log.ts';

/** Log lines on stderr: short ones for a person at a terminal, JSON for everything else. */
export function createLog(forPerson: boolean, level: 'info' | 'warn' = 'info'): Log {
  const stream = forPerson
    ? pretty({
        destination: 2,
        sync: true,
        ignore: 'pid,hostname',
        translateTime: 'HH:MM:ss',
        singleLine: true,
      })
    : pino.destination({ dest: 2, sync: true });
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return {
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
}
