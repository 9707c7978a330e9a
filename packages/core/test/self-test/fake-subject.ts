import type { SelfTestSubject } from '../../src/index.ts'

type Tokens = readonly number[]

/** What a fake model does differently from a sound one. */
export interface FakeSubjectOptions {
  readonly limits?: readonly number[]
  readonly tokensPerSecond?: number
  readonly engine?: string
  readonly fingerprint?: string
  /** What the model gives for these tokens. */
  readonly vectorOf?: (tokens: Tokens) => readonly number[]
  /** Id of a word's token. */
  readonly tokenOf?: (word: string) => number
}

/** A model that records the texts that it embedded, by their tokens. */
export interface FakeSubject extends SelfTestSubject {
  readonly embedded: readonly { readonly tokens: number; readonly urgent: boolean }[]
}

const dimensions = 16

/** The sum of a vector for each token: all tokens count alike. */
export function sumOfTokens(tokens: Tokens): readonly number[] {
  return Array.from({ length: dimensions }, (_, i) =>
    tokens.map((token) => Math.sin(token * (i + 1.7))).reduce((sum, value) => sum + value, 0),
  )
}

function wordToken(word: string): number {
  return Array.from(word).reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) + 10
}

/** A model without faults, but for what the options say. A word is a token; two more are put around each text. */
export function createFakeSubject(options: FakeSubjectOptions = {}): FakeSubject {
  const { limits = [63, 1023], tokensPerSecond = 1e6, engine = 'fake 1', fingerprint = 'fake' } = options
  const { vectorOf = sumOfTokens, tokenOf = wordToken } = options
  const embedded: { tokens: number; urgent: boolean }[] = []
  return {
    space: { model: 'grain', dimensions, fingerprint },
    path: '/models/grain.gguf',
    engine,
    limits,
    tokensPerSecond,
    embedded,
    tokenize: (text) => [1, ...text.split(' ').filter(Boolean).map(tokenOf), 2],
    embed: async (tokens, { urgent }) => {
      embedded.push({ tokens: tokens.length, urgent })
      return vectorOf(tokens)
    },
  }
}
