import { readFileSync } from 'node:fs';

// The types of Node do not know it.
type Wasm = {
  readonly Module: new (bytes: Buffer) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

export type Memory = { readonly buffer: ArrayBuffer };

/** What the module of that name exports, which is beside this file and translated from the `.wat` of the same name. */
export function loadWasm(name: string): unknown {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: Wasm };
  const module = new WebAssembly.Module(readFileSync(new URL(`${name}.wasm`, import.meta.url)));
  return new WebAssembly.Instance(module).exports;
}
