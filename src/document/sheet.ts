import type { Policy } from '../domain/policy.ts';
import type { CertificateLine, Said } from '../product/certificate.ts';
import type { Definition } from '../product/definition/definition.ts';
import { compileWalk, type Element, wholeOf } from '../product/elements.ts';
import { elementsIn } from '../product/placeholders.ts';
import { rootOf } from '../product/root.ts';
import { type Filled, filler } from './fill.ts';
import { USUAL_LAYOUT } from './usual-layout.ts';

/** A certificate's texts, in one language and with everything filled in. */
export type Sheet = {
  readonly language: string;
  readonly colour: string;
  readonly insurer: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly lines: readonly Line[];
  readonly closing: readonly string[];
  readonly footer: string;
  /** What stands across the page: a certificate that proves nothing must say so. */
  readonly mark: string | undefined;
  readonly issued_at: Date;
};

type Line = { readonly label: string; readonly value: string };

const USUAL_COLOUR = '#14507a';
const CANCELLED: Readonly<Record<string, string>> = { de: 'STORNIERT', fr: 'RÉSILIÉ', it: 'ANNULLATO' };

/** Fills a product's layout in for a policy. */
export function sheetOf(policy: Policy, definition: Definition, language: string): Sheet {
  const layout = definition.certificate ?? USUAL_LAYOUT;
  const root = rootOf(policy.quote_data, { ...policy.policyholder, data: policy.policy_data ?? {} });
  const whole = wholeOf(root);
  const fill = filler(policy, definition, language);
  const text = (said: Said) => fill(said, whole).text;
  return {
    language,
    colour: layout.colour ?? USUAL_COLOUR,
    insurer: definition.insurer,
    title: text(layout.title),
    paragraphs: (layout.paragraphs ?? []).map(text),
    lines: (layout.table ?? []).flatMap((line) => linesOf(line, whole, fill)),
    closing: (layout.closing ?? []).map(text),
    footer: layout.footer === undefined ? '' : text(layout.footer),
    mark: markOf(policy, language),
    issued_at: new Date(policy.created_at),
  };
}

type Fill = ReturnType<typeof filler>;

/** One line, or one for each element that it names; none where its values are all absent. */
function linesOf(line: CertificateLine, whole: Element, fill: Fill): Line[] {
  const [each] = elementsIn([line.label, line.value]);
  const elements: Element[] = [];
  compileWalk(each)(whole.object, (element) => elements.push(element));
  return elements.flatMap((element, at): Line[] => {
    const value: Filled = fill(line.value, element, { n: at + 1, words: line.words });
    if (value.isEmpty) return [];
    return [{ label: fill(line.label, element, { n: at + 1 }).text, value: value.text }];
  });
}

function markOf({ mode, status }: Policy, language: string): string | undefined {
  if (mode === 'test') return 'TEST';
  return status === 'cancelled' ? (CANCELLED[language] ?? 'CANCELLED') : undefined;
}
