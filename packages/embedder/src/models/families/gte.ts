import { believed, read, sizeEstimated } from '../fact-source.ts'
import type { KnownModel } from '../known-model.ts'

const common = {
  sha256: undefined,
  maxTokens: 512,
  pooling: 'mean',
  queryPrefix: '',
  documentPrefix: '',
  languages: 'English',
  licence: 'MIT',
} as const

const commonSources = {
  shape: believed('model cards of thenlper/gte-*'),
  pooling: believed('model cards of thenlper/gte-*'),
  prefixes: believed('model cards of thenlper/gte-*: none'),
  licence: read('model cards of ChristianAzinn/gte-*-gguf'),
} as const

/** The GTE models of Alibaba, published as thenlper. */
export const gte: readonly KnownModel[] = [
  {
    ...common,
    name: 'gte-small',
    aliases: [],
    uri: 'hf:ChristianAzinn/gte-small-gguf/gte-small.Q8_0.gguf',
    bytes: 37_000_000,
    dimensions: 384,
    sources: {
      file: read('a former preset of llama.cpp, which fetched this file; the size is estimated'),
      ...commonSources,
    },
  },
  {
    ...common,
    name: 'gte-base',
    aliases: ['gte'],
    uri: 'hf:ChristianAzinn/gte-base-gguf/gte-base.Q8_0.gguf',
    bytes: 118_000_000,
    dimensions: 768,
    sources: { file: sizeEstimated, ...commonSources },
  },
  {
    ...common,
    name: 'gte-large',
    aliases: [],
    uri: 'hf:ChristianAzinn/gte-large-gguf/gte-large.Q8_0.gguf',
    bytes: 358_000_000,
    dimensions: 1024,
    sources: {
      file: believed('named as its siblings are in ChristianAzinn/gte-large-gguf; the size is estimated'),
      ...commonSources,
    },
  },
]
