import { simdKernelBytes } from './simd-kernel-bytes.ts'

/** Memory of WebAssembly, as far as it is used here: its types come with the DOM, which is not there. */
interface WasmMemory {
  /** Another one after each growth; the one before is empty then. */
  readonly buffer: ArrayBuffer
  /** Adds pages of 64 KiB, all zero. Throws a `RangeError` when there is no room. */
  grow(pages: number): number
}

/** The compiled kernel on a memory. The parameters are those of simd-kernel.wat: places in bytes and a count of rows. */
type DotsKernel = (row: number, query: number, count: number, bytes: number, result: number) => void

interface WasmApi {
  validate(bytes: Uint8Array): boolean
  readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly dots: DotsKernel } }
}

/** The kernel with a memory of its own. */
export interface SimdKernel {
  readonly memory: WasmMemory
  readonly dots: DotsKernel
}

/**
 * The kernel on a new memory of one page, which can grow to `pages`. Undefined where it cannot run: without WebAssembly (`--jitless`),
 * without its SIMD instructions, or without the address space for another memory.
 */
export function createSimdKernel(pages: number): SimdKernel | undefined {
  const { WebAssembly: wasm } = globalThis as { readonly WebAssembly?: WasmApi }
  const bytes = Buffer.from(simdKernelBytes, 'base64')
  if (wasm === undefined || !wasm.validate(bytes)) return undefined
  try {
    const memory = new wasm.Memory({ initial: 1, maximum: pages })
    const { exports } = new wasm.Instance(new wasm.Module(bytes), { store: { memory } })
    return { memory, dots: exports.dots }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
