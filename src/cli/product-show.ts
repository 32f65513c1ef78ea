import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { styleText } from 'node:util';
import type { Definition } from '../product/definition/definition.ts';
import { printLines, printRecord, tableLines } from './output.ts';
import { withProducts } from './products.ts';
import { must, Refused, type Session } from './session.ts';

export type ShownAs = 'table' | 'markdown';

/** Prints what partners need to know of a product: of one on sale by its id, or of a definition in a file. */
export async function showProduct(session: Session, what: string, format: ShownAs): Promise<void> {
  const { definition, version } = existsSync(what) ? await inFile(what) : await onSale(session, what);
  const { compileProduct } = await import('../product/compile.ts');
  const { columnsOf, sentenceOf } = await import('../product/guide.ts');
  const integrations = compileProduct(definition, version ?? 1);
  if (format === 'markdown' && !session.json) {
    const { guidePage } = await import('../product/guide-page.ts');
    process.stdout.write(guidePage(definition, integrations));
    return;
  }
  const { id, name, insurer, currency, languages = [] } = definition;
  const rules = (definition.rules ?? []).map(sentenceOf);
  const modules = integrations.map((integration) => ({
    module: integration.module,
    integration: integration.id,
    columns: columnsOf(integration, definition),
  }));
  if (session.json) {
    printRecord({ id, version, name, insurer, currency, languages, rules, modules }, true);
    return;
  }
  printRecord({ id, version, name, insurer, currency, languages }, false);
  for (const { module, integration, columns } of modules) {
    printLines([
      '',
      `${styleText('bold', module)}, integration_id ${integration}`,
      '',
      ...tableLines(columns),
    ]);
  }
  if (rules.length > 0) printLines(['', ...rules.map((rule) => rule.replaceAll('`', ''))]);
}

type Shown = { readonly definition: Definition; readonly version: number | undefined };

async function inFile(path: string): Promise<Shown> {
  const { readProduct } = await import('../product/read-product.ts');
  return { definition: must(readProduct(readFileSync(path, 'utf8'), basename(path))), version: undefined };
}

async function onSale(session: Session, id: string): Promise<Shown> {
  const { parseDefinition } = await import('../product/definition/definition.ts');
  const products = await withProducts(session, (store) => store.products());
  const found = products.find(({ product_id }) => product_id === id);
  if (!found) {
    const known = products.map(({ product_id }) => product_id).join(', ');
    throw new Refused(`There is no file and no product "${id}". On sale are ${known}.`);
  }
  return { definition: must(parseDefinition(found.definition, id)), version: found.version };
}
