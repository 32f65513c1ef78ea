import type { PublishedProduct } from '../../domain/published-product.ts';
import type { ProductStore } from '../product-store.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

type Row = { product: string; version: number; definition: string };

const published = ({ product, version, definition }: Row): PublishedProduct => ({
  product_id: product,
  version,
  definition,
});

export function productMethods(db: Database): Methods<ProductStore> {
  const newest = db.prepare('SELECT * FROM product_version WHERE product = ? ORDER BY version DESC LIMIT 1');
  const byVersion = db.prepare('SELECT * FROM product_version WHERE product = ? AND version = ?');
  const insert = db.prepare(
    'INSERT INTO product_version (product, version, definition, currency, policy_number, published_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING *',
  );
  const all = db.prepare(
    'SELECT max(id) AS id, product, max(version) AS version, definition FROM product_version WHERE id <= ? GROUP BY product ORDER BY product',
  );
  const allOf = (number = Number.MAX_SAFE_INTEGER) => all.all(number) as (Row & { id: number })[]; // ids count the publishings
  return {
    publishProduct: ({ product_id, definition, currency, policy_number, now }) =>
      db.transaction(() => {
        const row = newest.get(product_id) as Row | undefined;
        if (row?.definition === definition) return published(row);
        const version = (row?.version ?? 0) + 1;
        return published(insert.get(product_id, version, definition, currency, policy_number, now) as Row);
      }),
    product: (product_id, version) => {
      const row = byVersion.get(product_id, version) as Row | undefined;
      return row && published(row);
    },
    edition: (number) => {
      const rows = allOf(number);
      return { number: Math.max(0, ...rows.map(({ id }) => id)), products: rows.map(published) };
    },
    products: () => allOf().map(published),
  };
}
