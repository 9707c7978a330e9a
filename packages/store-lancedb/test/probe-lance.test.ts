import { expect, test } from 'vitest'
import { probeLance } from '../src/index.ts'

test('LanceDB loads on this machine, and says what it is', async () => {
  expect(await probeLance()).toBe('@lancedb/lancedb')
})
