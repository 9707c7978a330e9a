import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withoutAnswers } from '../../src/remote/without-answers.ts'

const declaration = '<?xml version="1.0" encoding="UTF-8"?>'
const refusal = [
  '<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature does not match.</Message>',
  '<AWSAccessKeyId>AKIA</AWSAccessKeyId><CanonicalRequest>GET\n/\nx-amz-security-token:TOKEN</CanonicalRequest></Error>',
].join('')

describe('a message with an answer of the storage', () => {
  test('keeps the code and the message of the answer and drops the rest', () => {
    expect(withoutAnswers(`error in GET: 403 Forbidden: ${declaration}\n${refusal}, at store.rs:1`)).toBe(
      'error in GET: 403 Forbidden: SignatureDoesNotMatch: The request signature does not match., at store.rs:1',
    )
  })

  test('keeps as much of each of several answers', () => {
    expect(withoutAnswers(`one ${refusal} two ${refusal}`)).not.toMatch(/AKIA|TOKEN/)
  })

  test('drops all of an answer that was cut off or names no code', () => {
    expect(withoutAnswers('failed: <Error><AWSAccessKeyId>AKIA</AWSAccessKeyId></Error>!')).toBe('failed: !')
  })

  test('never shows what stands behind the message of an answer, wherever it was cut off', () => {
    fc.assert(
      fc.property(fc.nat(refusal.length), fc.string(), (length, before) => {
        const cut = withoutAnswers(`${before.replaceAll('<', '')} ${refusal.slice(0, length)}`)
        expect(cut).not.toMatch(/AKIA|TOKEN|<CanonicalRequest/)
      }),
    )
  })

  test('is left alone when it has no answer in it', () => {
    fc.assert(
      fc.property(fc.string(), (message) => {
        fc.pre(!/<Error/i.test(message))
        expect(withoutAnswers(message)).toBe(message)
      }),
    )
  })
})
