import type { Shape } from '../import-store.ts';
import type { Database } from './connection.ts';

/** Finds a shape, or adds it. */
export function shapeTable(db: Database): (shape: Shape) => number {
  const version = db.prepare('SELECT id FROM product_version WHERE product = ? AND version = ?');
  const select = db.prepare(
    'SELECT id FROM shape WHERE product_version = ? AND integration = ? AND paths = ?',
  );
  const insert = db.prepare(
    'INSERT INTO shape (product_version, integration, paths) VALUES (?, ?, ?) RETURNING id',
  );
  return ({ product_id, product_version, integration_id, paths }) => {
    const product = version.get(product_id, product_version)?.['id'];
    if (product === undefined)
      throw new Error(`Version ${product_version} of ${product_id} was never published.`);
    const key = [Number(product), integration_id, JSON.stringify(paths)] as const;
    return Number((select.get(...key) ?? insert.get(...key))?.['id']);
  };
}
