// The text of a definition, with the place of everything in it.
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml';
import type { Mistake } from './mistake.ts';

const LONGEST_DEFINITION = 1_000_000; // characters; the shipped one has 10 000

/** Lines and columns count from 1. */
export type Place = { readonly line: number; readonly column: number };

export type Source =
  | { readonly ok: true; readonly content: unknown; readonly placeOf: (mistake: Mistake) => Place }
  | { readonly ok: false; readonly place: Place; readonly problem: string };

const START: Place = { line: 1, column: 1 };

/** Reads YAML or JSON, which is YAML as well. */
export function readSource(text: string): Source {
  if (text.length > LONGEST_DEFINITION) {
    return { ok: false, place: START, problem: `it is longer than ${LONGEST_DEFINITION} characters` };
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [problem] = document.errors;
    if (problem) return notYaml(problem, placeAt(problem.pos[0]));
    const strange = keyThatIsNoName(document);
    if (strange) {
      const problem =
        'a name cannot be made of several things: write a text before the colon, in quotes if it begins with { or [';
      return { ok: false, place: placeAt(strange.range?.[0] ?? 0), problem };
    }
    return {
      ok: true,
      content: document.toJS(),
      placeOf: (mistake) => placeAt(offsetOf(document.contents, mistake)),
    };
  } catch (error) {
    return notYaml(error as Error, START); // aliases of nothing, or so many that they fill the memory
  }
}

/** YAML allows lists, maps and bytes as keys, which JSON does not know. */
function keyThatIsNoName(document: Document.Parsed): Node | undefined {
  let found: Node | undefined;
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && !ArrayBuffer.isView(key.value)) return undefined;
      found = key as Node;
      return visit.BREAK;
    },
  });
  return found;
}

function notYaml({ message }: Error, place: Place): Source {
  return { ok: false, place, problem: `this is neither YAML nor JSON: ${message.split('\n')[0]}` };
}

/** Where the value stands that the path leads to; where there is none, what it would be a part of. */
function offsetOf(root: ParsedNode | null, { path, ofName }: Mistake): number {
  let node: Node | null | undefined = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, name] of path.entries()) {
    const next = memberOf(node, name);
    if (!next) return offset;
    node = next.value;
    const at = ofName && depth === path.length - 1 ? next.key : (next.value ?? next.key);
    offset = at?.range?.[0] ?? offset;
  }
  return offset;
}

type Member = { readonly key: Node | undefined; readonly value: Node | null | undefined };

function memberOf(node: Node | null | undefined, name: string): Member | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(name)] as Node | undefined;
    return item && { key: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  return pair && { key: pair.key as Node, value: pair.value as Node | null };
}
