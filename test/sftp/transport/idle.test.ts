import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchIdle } from '../../../src/sftp/transport/idle.ts';
import { run, startSite } from '../an-sftp-server.ts';

const expired = vi.fn();

beforeEach(() => {
  expired.mockClear();
});

afterEach(() => {
  vi.useRealTimers();
});

test('each request begins the time anew', () => {
  vi.useFakeTimers();
  const watch = watchIdle(1_000, expired);
  for (let count = 0; count < 5; count++) {
    vi.advanceTimersByTime(999);
    watch.request();
  }
  expect(expired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(expired).toHaveBeenCalledOnce();
});

test('as long as one of two files is open for writing, nothing is idle', () => {
  vi.useFakeTimers();
  const watch = watchIdle(1_000, expired);
  watch.opened();
  watch.opened();
  watch.closed();
  vi.advanceTimersByTime(100_000);
  expect(expired).not.toHaveBeenCalled();
  watch.closed();
  vi.advanceTimersByTime(1_000);
  expect(expired).toHaveBeenCalledOnce();
});

test('a watch that was stopped stays so, whatever still happens', () => {
  vi.useFakeTimers();
  const watch = watchIdle(1_000, expired);
  watch.stop();
  watch.request();
  vi.advanceTimersByTime(100_000);
  expect(expired).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('OpenSSH’s client is told why it must go; its keepalives are answered, and are no requests', async () => {
  const site = await startSite({ idle: 2_500 });
  const alive = ['-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=1'];
  const { status, stderr } = await run('ssh', [...site.ssh(), ...alive, '-N', 'partner@127.0.0.1']);
  expect(stderr).toMatch(/Received disconnect from 127\.0\.0\.1 .*No request for 2\.5 s: connect again/);
  expect(status).toBe(255);
  await site.remove();
});
