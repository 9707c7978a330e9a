import { expect, test } from 'vitest'
import { lineKernelBytes } from '../src/format/line-kernel-bytes.ts'
import { codeKernelBytes } from '../src/search/rows/code-kernel-bytes.ts'
import { simdKernelBytes } from '../src/search/rows/simd-kernel-bytes.ts'
import { compileKernel, kernels } from './compile-kernels.ts'

const bytes: Readonly<Record<string, string>> = { codeKernelBytes, lineKernelBytes, simdKernelBytes }

test.each(kernels)('the bytes of $path are those that its source compiles to', async (kernel) => {
  expect(bytes[kernel.name]).toBe(Buffer.from(await compileKernel(kernel)).toString('base64'))
})
