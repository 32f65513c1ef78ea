import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { Unreadable } from '../unreadable.ts';
import { damaged } from './package.ts';

/** Longest text or tag; a cell of Excel has 32 767 characters. What is longer would have to be held in memory. */
const MAX_MARKUP = 4 * 1024 * 1024;

export type Attributes = Readonly<Record<string, string>>;

/** Names come without their namespace's prefix. */
export type XmlHandler = {
  open(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close?(name: string): void;
};

/** Feeds the XML in `chunks` to `handler`, and yields after each chunk. Expands no entity but XML's own five. Throws Unreadable. */
export async function* parseXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler): AsyncGenerator<void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  let silent = 0; // characters since the last tag
  parser.on('error', (error) => {
    throw damaged(error.message);
  });
  parser.on('doctype', () => {
    throw damaged('it has a DOCTYPE, which no workbook has');
  });
  parser.on('opentag', ({ name, attributes }) => {
    silent = 0;
    handler.open(local(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    silent = 0;
    handler.close?.(local(name));
  });
  parser.on('text', (text) => handler.text?.(text));
  parser.on('cdata', (text) => handler.text?.(text));
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk);
    const text = decode(decoder, chunk);
    silent += text.length;
    parser.write(text);
    if (silent > MAX_MARKUP) {
      throw new Unreadable(
        'too_large',
        `The workbook has a text of more than ${MAX_MARKUP} characters: shorten it`,
      );
    }
    yield;
  }
  parser.write(decode(decoder ?? new TextDecoder()));
  parser.close();
}

/** Parses a whole part. */
export async function readXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  for await (const _ of parseXml(chunks, handler));
}

/** An attribute by its name without a prefix. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  if (name in attributes) return attributes[name];
  const prefixed = Object.keys(attributes).find((key) => key.endsWith(`:${name}`));
  return prefixed === undefined ? undefined : attributes[prefixed];
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

function decoderFor(start: Buffer): TextDecoder {
  const encoding = start[0] === 0xff ? 'utf-16le' : start[0] === 0xfe ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}

function decode(decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw damaged('a text in it is neither UTF-8 nor UTF-16');
  }
}
