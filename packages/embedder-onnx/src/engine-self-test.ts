import { createSelfTest } from '@quern/core'
import type { EmbeddingSpace, SelfTest } from '@quern/core'
import type { ModelFolder } from './model-folder.ts'
import type { OnnxEngine } from './onnx-engine.ts'
import { poolTokens } from './pool-tokens.ts'
import type { ResolvedOptions } from './resolve-options.ts'

/** A loaded model and how it is tested. */
interface EngineSelfTestRequest {
  readonly engine: OnnxEngine
  readonly folder: ModelFolder
  readonly space: EmbeddingSpace
  readonly options: ResolvedOptions
  /** The vectors of the tokens, one after the other. */
  readonly compute: (tokens: readonly number[], options: { readonly urgent: boolean }) => Promise<Float32Array>
}

/** Bytes of weights, times tokens, that one thread computes in a second: 3 to 4 · 10¹¹ on a server's processor. */
const byteTokensPerSecond = 2e11

/** The self-test of a loaded model. Nothing runs yet. */
export function createEngineSelfTest(request: EngineSelfTestRequest): SelfTest {
  const { engine, folder, space, options, compute } = request
  const subject = {
    space,
    path: folder.modelPath,
    engine: engine.session.description,
    limits: [options.maxTokens],
    tokensPerSecond: byteTokensPerSecond / folder.bytes,
    tokenize: engine.tokenizer.tokenize,
    embed: async (tokens: readonly number[], { urgent }: { readonly urgent: boolean }) =>
      poolTokens(await compute(tokens, { urgent }), space.dimensions, options.pooling),
  }
  return createSelfTest(subject, options.selfTest)
}
