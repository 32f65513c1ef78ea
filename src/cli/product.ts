import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Command } from 'commander';
import { printList, printRecord } from './output.ts';
import { must, Refused, type Session, sessionOf, withExistingStore } from './session.ts';

export function productCommands(): Command {
  const product = new Command('product').description('what is sold');
  product
    .command('list')
    .description('the products on sale, in their newest version')
    .action((_options, command) => list(sessionOf(command)));
  product
    .command('publish <file>')
    .description('put a definition on sale; one that differs from the newest becomes the next version')
    .action((file, _options, command) => publish(sessionOf(command), file));
  return product;
}

async function list(session: Session): Promise<void> {
  const { readProduct } = await productReader();
  const products = await withExistingStore(session, (store) => store.products());
  const rows = products.map(({ product_id, version, definition }) => {
    const { name, insurer, modules } = must(readProduct(definition, product_id));
    return {
      id: product_id,
      version,
      name,
      insurer,
      integrations: Object.values(modules).map((one) => one.integration),
    };
  });
  printList(rows, {
    json: session.json,
    empty: 'No product is on sale; those that are shipped are from the first serve on.',
  });
}

async function publish(session: Session, file: string): Promise<void> {
  const { readProduct } = await productReader();
  const definition = readDefinition(file);
  const { id: product_id, name, currency, policy_number } = must(readProduct(definition, basename(file)));
  await withExistingStore(session, async (store) => {
    const now = Date.now();
    const { version } = await store.publishProduct({ product_id, definition, currency, policy_number, now });
    printRecord({ id: product_id, version, name }, session.json);
  });
}

/** Loaded here, as it takes longer than all the rest of a command. */
function productReader() {
  return import('../product/read-product.ts');
}

function readDefinition(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refused(`The definition cannot be read: ${(error as Error).message}`);
  }
}
