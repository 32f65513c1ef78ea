import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectGolden } from '../../import/golden.ts';
import { HttpSite } from '../a-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.start();
});
afterAll(() => site.remove());

const get = (path: string) => site.fetch(path, { headers: {} });

test('GET /openapi.json is valid OpenAPI 3.1, and what partners’ programs were made from', async () => {
  const response = await get('/openapi.json');
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const document = (await response.json()) as { openapi: string };
  expectGolden('../http/openapi.json', `${JSON.stringify(document, null, 2)}\n`);
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('every reference in it has its component', async () => {
  const text = await (await get('/openapi.json')).text();
  const { components } = JSON.parse(text) as { components: { schemas: object } };
  const names = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
  expect([...names].sort()).toEqual(Object.keys(components.schemas).sort());
});

test('GET /docs is a page that loads nothing from elsewhere', async () => {
  const page = await get('/docs');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
  const links = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) {
    expect(link).toMatch(/^\/docs\/static\//);
    expect((await get(link)).status).toBe(200);
  }
  const start = await (await get('/docs/static/swagger-initializer.js')).text();
  expect(start).toContain('validatorUrl: null'); // else a stranger's server would be asked about ours
});
