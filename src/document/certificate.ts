// What a policy's certificate says follows from the product's layout, in the version under which the policy was bought; how it looks is
// one page for all products.
import type { Policy } from '../domain/policy.ts';
import type { Definition } from '../product/definition/definition.ts';
import { drawPages } from './pages.ts';
import { sheetOf } from './sheet.ts';

/**
 * The certificate of a policy as a PDF, A4 (some 50 ms of processor time), in `language` where the product is written in it and else in the product's first. The same
 * policy gives the same bytes. `definition` is that of the policy's version; one without a layout of its own gets a plain one.
 */
export function certificateOf(policy: Policy, definition: Definition, language: string): Promise<Uint8Array> {
  const { languages = ['en'] } = definition;
  const spoken = languages.includes(language) ? language : (languages[0] ?? 'en');
  return drawPages(sheetOf(policy, definition, spoken));
}
