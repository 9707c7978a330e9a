import type { WasmKernel } from '../../web-assembly.ts'
import { createWasmKernel } from '../../web-assembly.ts'
import { codeKernelBytes } from './code-kernel-bytes.ts'

/** What code-kernel.wat exports. The parameters are places in bytes and a count of rows. */
interface CodeFunctions {
  encode(row: number, code: number, count: number, bytes: number, result: number): void
  dots(code: number, query: number, count: number, bytes: number, result: number): void
}

/** The kernel of codes on a new memory of one page, which can grow to `pages`. Undefined where it cannot run. */
export function createCodeKernel(pages: number): WasmKernel<CodeFunctions> | undefined {
  return createWasmKernel<CodeFunctions>(codeKernelBytes, pages)
}
