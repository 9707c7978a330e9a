import { endianness } from 'node:os'

/** Memory of WebAssembly, as far as it is used here: its types come with the DOM, which is not there. */
interface WasmMemory {
  /** Another one after each growth; the one before is empty then. */
  readonly buffer: ArrayBuffer
  /** Adds pages of 64 KiB, all zero. Throws a `RangeError` when there is no room. */
  grow(pages: number): number
}

interface WasmApi {
  readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
  readonly CompileError: new () => Error
}

/** Bytes of a page of WebAssembly's memory. */
export const wasmPageBytes = 65_536

/** A compiled module with a memory of its own. */
export interface WasmKernel<Functions extends object> {
  readonly memory: WasmMemory
  readonly functions: Functions
}

/**
 * A module, given as base64, on a new memory (its import `store.memory`) of one page, which can grow to `pages`. `Functions` are what it
 * exports. Undefined where it cannot run: without WebAssembly (`--jitless`), without instructions that it needs, without the address space for
 * another memory, or where typed arrays have another byte order than WebAssembly.
 */
export function createWasmKernel<Functions extends object>(
  base64: string,
  pages: number,
): WasmKernel<Functions> | undefined {
  const { WebAssembly: wasm } = globalThis as { readonly WebAssembly?: WasmApi }
  if (endianness() !== 'LE' || wasm === undefined) return undefined
  try {
    const module = new wasm.Module(Buffer.from(base64, 'base64'))
    const memory = new wasm.Memory({ initial: 1, maximum: pages })
    const { exports } = new wasm.Instance(module, { store: { memory } })
    return { memory, functions: exports as Functions }
  } catch (error) {
    if (error instanceof wasm.CompileError || error instanceof RangeError) return undefined
    throw error
  }
}
