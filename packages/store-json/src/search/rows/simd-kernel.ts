import type { WasmKernel } from '../../web-assembly.ts'
import { createWasmKernel } from '../../web-assembly.ts'
import { simdKernelBytes } from './simd-kernel-bytes.ts'

/** What simd-kernel.wat exports. The parameters are places in bytes and a count of rows. */
interface SimdFunctions {
  dots(row: number, query: number, count: number, bytes: number, result: number): void
}

/** The kernel of dot products on a new memory of one page, which can grow to `pages`. Undefined where it cannot run. */
export function createSimdKernel(pages: number): WasmKernel<SimdFunctions> | undefined {
  return createWasmKernel<SimdFunctions>(simdKernelBytes, pages)
}
