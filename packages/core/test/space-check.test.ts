import { checkSameSpace } from '@quern/core'
import { expect, test } from 'vitest'

const stored = { model: 'bge-small', dimensions: 384, fingerprint: 'a'.repeat(64) }
const wanted = { model: 'e5-base', dimensions: 768, fingerprint: 'b'.repeat(64) }

test('spaces with one fingerprint are the same, whatever their names', () => {
  expect(() => checkSameSpace(stored, { ...wanted, fingerprint: stored.fingerprint }, 'here')).not.toThrow()
})

test('spaces with two fingerprints are not, even under one name, and the error names both sides and the place', () => {
  expect(() => checkSameSpace(stored, { ...stored, fingerprint: wanted.fingerprint }, 'here')).toThrow('here')
  const expected = {
    code: 'STORE_SPACE_MISMATCH',
    message: expect.stringMatching(/\/data\/store .*bge-small \(384 .*a{12}\).*e5-base \(768 .*b{12}\)/),
    hint: expect.stringContaining('--model bge-small'),
    details: { stored, wanted },
  }
  expect(() => checkSameSpace(stored, wanted, '/data/store')).toThrow(expect.objectContaining(expected))
})

test('two spaces of one model are told apart by what may have changed', () => {
  const changed = { ...stored, fingerprint: wanted.fingerprint }
  const expected = { message: expect.stringContaining('document prefix'), hint: expect.stringContaining('prefix') }
  expect(() => checkSameSpace(stored, changed, '/data/store')).toThrow(expect.objectContaining(expected))
})
