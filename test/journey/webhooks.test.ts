import { expect, test } from 'vitest';
import { deliverToFaultyReceivers } from '../../faults/deliver-to-faulty-receivers.ts';
import { killDuringDeliveries } from '../../faults/kill-during-deliveries.ts';

test('kill -9 at random moments of deliveries loses no event (npm run faults -- webhooks: twenty kills, 50 000 events)', async () => {
  const lines: string[] = [];
  await killDuringDeliveries({ kills: 3, rows: 3_000, random: Math.random, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(4);
}, 300_000);

test('receivers with every fault hold no import up, lose no event and leave no socket (npm run faults -- receivers: five minutes)', async () => {
  const lines: string[] = [];
  await deliverToFaultyReceivers({ seconds: 5, rows: 50, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(3);
}, 300_000);
