import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { printLines, printList, printRecord } from './output.ts';
import { type ShownAs, showProduct } from './product-show.ts';
import { must, Refused, type Session, sessionOf, withExistingStore } from './session.ts';

export function productCommands(): Command {
  const product = new Command('product').description('what is sold');
  product
    .command('list')
    .description('the products on sale, in their newest version')
    .action((_options, command) => list(sessionOf(command)));
  product
    .command('show <product>')
    .description('the fields as partners need them, of a product on sale or of a definition in a file')
    .addOption(
      new Option('--format <format>', 'a table, or a page of Markdown')
        .choices(['table', 'markdown'])
        .default('table'),
    )
    .action((what, { format }: { format: ShownAs }, command) =>
      showProduct(sessionOf(command), what, format),
    );
  product
    .command('validate <file>')
    .description(
      'what is wrong with a definition, with line and column, and what to write; nothing is published',
    )
    .action((file, _options, command) => validate(sessionOf(command), file));
  product
    .command('publish <file>')
    .description('put a definition on sale; one that differs from the newest becomes the next version')
    .action((file, _options, command) => publish(sessionOf(command), file));
  return product;
}

async function list(session: Session): Promise<void> {
  const { parseDefinition } = await import('../product/definition/definition.ts');
  const products = await withExistingStore(session, (store) => store.products());
  const rows = products.map(({ product_id, version, definition }) => {
    const { name, insurer, modules } = must(parseDefinition(definition, product_id));
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

async function validate({ json }: Session, file: string): Promise<void> {
  const { readProduct } = await productReader();
  const read = readProduct(readDefinition(file), basename(file));
  if (read.ok) {
    const { id, name, modules } = read.value;
    if (json) printRecord({ valid: true, id, name, problems: [] }, json);
    else printLines([`${basename(file)} is good: ${name}, ${Object.keys(modules).join(', ')}.`]);
    return;
  }
  if (!json) throw new Refused(read.message);
  printRecord({ valid: false, problems: read.message.split('\n') }, json);
  throw new Refused('the definition is not good');
}

async function publish(session: Session, file: string): Promise<void> {
  const { readProduct } = await productReader();
  const { refuseTaken } = await import('../product/taken.ts');
  const definition = readDefinition(file);
  const product = must(readProduct(definition, basename(file)));
  const { id: product_id, name, currency, policy_number } = product;
  await withExistingStore(session, async (store) => {
    must(refuseTaken(product, await store.products()));
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
