import { expect, test } from 'vitest'
import { probeLlama } from '../../src/index.ts'

test('llama.cpp starts without a model, and says which it is and where it computes', async () => {
  expect(await probeLlama('off')).toMatch(/^node-llama-cpp \d+\.\d+\.\d+ \(llama\.cpp \S+\) on the processor$/)
})
