import { expect, test } from 'vitest'
import { simdKernelBytes } from '../../src/search/rows/simd-kernel-bytes.ts'
import { compileKernel } from './compile-kernel.ts'

test('the bytes of the kernel are those that its source compiles to', async () => {
  expect(simdKernelBytes).toBe(Buffer.from(await compileKernel()).toString('base64'))
})
