// The thread in which certificates are drawn: the main one must not stand still for 50 ms at a time.
import { parentPort } from 'node:worker_threads';
import { parseDefinition } from '../product/definition/definition.ts';
import { certificateOf } from './certificate.ts';
import type { Printed, PrintJob } from './printer.ts';

parentPort?.on('message', async ({ number, policy, definition }: PrintJob) => {
  parentPort?.postMessage(await print());

  async function print(): Promise<Printed> {
    try {
      const read = parseDefinition(definition, `${policy.product_id} version ${policy.product_version}`);
      if (!read.ok) throw new Error(read.message);
      return { number, pdf: await certificateOf(policy, read.value, policy.policyholder.language) };
    } catch (error) {
      return { number, error: String(error) };
    }
  }
});
