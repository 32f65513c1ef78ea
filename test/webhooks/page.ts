import { readFileSync } from 'node:fs';

/** docs/webhooks.md */
export const PAGE = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');

/** The first code block of a language, in the part of the page below `heading`. */
export function codeBlock(language: string, heading = ''): string {
  const [, code] = PAGE.slice(PAGE.indexOf(heading)).split(`\`\`\`${language}\n`);
  if (code === undefined || !PAGE.includes(heading))
    throw new Error(`docs/webhooks.md has no ${language} below ${heading}`);
  return code.slice(0, code.indexOf('```'));
}
