import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { printLines } from './output.ts';
import { withProducts } from './products.ts';
import { Refused, type Session, sessionOf } from './session.ts';

export function templateCommand(): Command {
  return new Command('template')
    .description('an empty file with the columns of an integration, for partners to fill in')
    .argument('<integration>')
    .addOption(
      new Option('--format <format>', 'what it is written as').choices(['csv', 'xlsx']).default('csv'),
    )
    .option('--example', 'with a good row')
    .option('--output <file>', 'where it is written (default: standard output)')
    .action((integration, options, command) => template(sessionOf(command), integration, options));
}

type TemplateOptions = { format: 'csv' | 'xlsx'; example?: boolean; output?: string };

async function template(session: Session, id: string, options: TemplateOptions): Promise<void> {
  if (options.format === 'xlsx' && options.output === undefined && process.stdout.isTTY) {
    throw new Refused('A workbook cannot be shown here: say with --output where it is to be written.', true);
  }
  const bytes = await withProducts(session, (store) => render(store, id, options));
  if (options.output === undefined) process.stdout.write(bytes);
  else write(options.output, bytes);
}

type ProductStore = Parameters<Parameters<typeof withProducts>[1]>[0];

async function render(store: ProductStore, id: string, { format, example = false }: TemplateOptions) {
  const { catalogueFrom } = await import('../purchase/catalogue.ts');
  const { templateColumns } = await import('../import/template/columns.ts');
  const catalogue = await catalogueFrom(store)();
  const integration = catalogue.get(id);
  if (!integration) {
    const known = [...catalogue.values()].map((one) => `${one.id} (${one.module})`).join(', ');
    throw new Refused(`There is no integration "${id}". There are ${known}.`);
  }
  const columns = templateColumns(integration, randomUUID());
  if (format === 'csv') {
    const { csvTemplate } = await import('../import/template/csv.ts');
    return Buffer.from(csvTemplate(columns, example));
  }
  const { workbookTemplate } = await import('../import/template/workbook.ts');
  return workbookTemplate(columns, example);
}

function write(path: string, bytes: Buffer): void {
  try {
    writeFileSync(path, bytes);
  } catch (error) {
    throw new Refused(`The template cannot be written: ${(error as Error).message}`);
  }
  printLines([`Written to ${path}.`]);
}
