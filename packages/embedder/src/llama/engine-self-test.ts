import { createSelfTest } from '@quern/core'
import type { EmbeddingSpace, SelfTest, SelfTestOptions } from '@quern/core'
import type { LlamaEngine, Tokens } from './llama-engine.ts'
import type { ModelFile } from './model-file.ts'

/** A loaded model and how it is tested. */
interface EngineSelfTestRequest {
  readonly engine: LlamaEngine
  readonly file: ModelFile
  readonly space: EmbeddingSpace
  readonly options: SelfTestOptions
  readonly compute: (tokens: Tokens, options: { readonly urgent: boolean }) => Promise<readonly number[]>
}

/** Bytes of weights, times tokens, that one thread computes in a second: 4 to 13 · 10¹⁰ on a server's processor, by quantisation. */
const byteTokensPerSecond = 5e10

/** The self-test of a loaded model. Nothing runs yet. */
export function createEngineSelfTest({ engine, file, space, options, compute }: EngineSelfTestRequest): SelfTest {
  const subject = {
    space,
    path: file.path,
    engine: engine.description,
    limits: engine.limits,
    tokensPerSecond: byteTokensPerSecond / file.bytes,
    tokenize: (text: string): Tokens => engine.frame(engine.tokenize(text)),
    embed: (tokens: readonly number[], { urgent }: { readonly urgent: boolean }) =>
      compute(tokens as Tokens, { urgent }),
  }
  return createSelfTest(subject, options)
}
