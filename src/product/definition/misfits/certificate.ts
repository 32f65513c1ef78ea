import type { CertificateLine, Said } from '../../certificate.ts';
import { elementsIn, FACTS, placeholdersOf } from '../../placeholders.ts';
import type { Field } from '../../product.ts';
import type { Definition } from '../definition.ts';
import type { Mistake } from '../mistake.ts';
import type { Known } from './known.ts';

type Place = readonly string[];

/** Texts that are missing in a language, and placeholders for nothing. */
export function certificateMisfits(
  { certificate, languages }: Definition,
  modules: readonly Known[],
): Mistake[] {
  if (!certificate) return [];
  if (!languages)
    return [{ path: ['certificate'], message: 'say with languages, beside it, which it is written in' }];
  const { title, paragraphs = [], table = [], closing = [], footer } = certificate;
  const place = ['certificate'];
  const single = [
    { said: title, path: [...place, 'title'] },
    ...paragraphs.map((said, at) => ({ said, path: [...place, 'paragraphs', String(at)] })),
    ...closing.map((said, at) => ({ said, path: [...place, 'closing', String(at)] })),
    ...(footer === undefined ? [] : [{ said: footer, path: [...place, 'footer'] }]),
  ];
  return [
    ...single.flatMap(({ said, path }) => [
      ...saidMisfits(said, path, languages, modules),
      ...(elementsIn([said]).length === 0
        ? []
        : [{ path, message: 'put what is in elements into a line of the table' }]),
    ]),
    ...table.flatMap((line, at) => lineMisfits(line, [...place, 'table', String(at)], languages, modules)),
  ];
}

function lineMisfits(
  line: CertificateLine,
  path: Place,
  languages: readonly string[],
  modules: readonly Known[],
): Mistake[] {
  const { label, value, words = {} } = line;
  const several = elementsIn([label, value]).length > 1;
  return [
    ...saidMisfits(label, [...path, 'label'], languages, modules),
    ...saidMisfits(value, [...path, 'value'], languages, modules),
    ...Object.entries(words).flatMap(([word, said]) =>
      saidMisfits(said, [...path, 'words', word], languages, modules),
    ),
    ...(several
      ? [{ path, message: 'a line stands for the elements of one group: write a line for each group' }]
      : []),
    ...wordMisfits(line, path, modules),
  ];
}

function saidMisfits(
  said: Said,
  path: Place,
  languages: readonly string[],
  modules: readonly Known[],
): Mistake[] {
  const texts = typeof said === 'string' ? [] : Object.keys(said);
  const missing = typeof said === 'string' ? [] : languages.filter((language) => !texts.includes(language));
  const more = texts.filter((language) => !languages.includes(language));
  return [
    ...missing.map((language) => ({ path, message: `the text for "${language}" is missing` })),
    ...more.map(
      (language): Mistake => ({
        path: [...path, language],
        ofName: true,
        message: `"${language}" is none of the product's languages: remove it, or add it to languages`,
      }),
    ),
    ...placeholdersOf(said).flatMap(({ name, amount }): Mistake[] => {
      const fields = fieldsNamed(name, modules);
      if ((FACTS as readonly string[]).includes(name)) return [];
      if (fields.length === 0)
        return [
          {
            path,
            message: `there is no {${name}}: write the path of a field, or one of ${FACTS.join(', ')}`,
          },
        ];
      const isNumber = fields.every((field) => field.type === 'integer');
      return amount && !isNumber ? [{ path, message: `{${name}:amount} is for whole numbers of cents` }] : [];
    }),
  ];
}

/** Words for values that never come would hide a misspelling. */
function wordMisfits({ value, words }: CertificateLine, path: Place, modules: readonly Known[]): Mistake[] {
  if (!words) return [];
  const fields = placeholdersOf(value).flatMap(({ name }) => fieldsNamed(name, modules));
  const possible = fields.flatMap(({ type, values }) =>
    type === 'boolean' ? ['true', 'false'] : (values ?? []).map(String),
  );
  if (possible.length === 0)
    return [
      {
        path: [...path, 'words'],
        ofName: true,
        message: 'remove it: no value of this line has a list of values',
      },
    ];
  return Object.keys(words)
    .filter((word) => !possible.includes(word))
    .map(
      (word): Mistake => ({
        path: [...path, 'words', word],
        ofName: true,
        message: `"${word}" is never a value: write one of ${[...new Set(possible)].join(', ')}`,
      }),
    );
}

function fieldsNamed(name: string, modules: readonly Known[]): readonly Field[] {
  return modules.map(({ fields }) => fields.get(name)).filter((field) => field !== undefined);
}
