import { believed, named, pinned, read, sizeEstimated } from '../fact-source.ts'
import type { KnownModel } from '../known-model.ts'

const common = {
  sha256: undefined,
  maxTokens: 512,
  pooling: 'mean',
  queryPrefix: 'query: ',
  documentPrefix: 'passage: ',
  licence: 'MIT',
} as const

const englishSources = {
  shape: read('model cards of intfloat/e5-*-v2'),
  pooling: read('average_pool in the model cards of intfloat/e5-*-v2'),
  prefixes: read('FAQ of the model cards of intfloat/e5-*-v2'),
  licence: read('pages on intfloat/e5-*-v2'),
} as const

const multilingualSources = {
  shape: read('model catalogues of other public projects'),
  pooling: read('settings of other llama.cpp projects for multilingual-e5'),
  prefixes: read('model catalogues of other public projects'),
  licence: read('model catalogues of other public projects'),
} as const

/** The E5 models of Microsoft, published as intfloat. */
export const e5: readonly KnownModel[] = [
  {
    ...common,
    name: 'e5-small-v2',
    aliases: ['e5-small'],
    uri: 'hf:ggml-org/e5-small-v2-Q8_0-GGUF/e5-small-v2-q8_0.gguf',
    bytes: 36_685_088,
    sha256: 'afdfb5c342d2efc2a051c426dd1d00913495d5f2bbceaea100d2f3892aa31cbc',
    dimensions: 384,
    languages: 'English',
    sources: { file: pinned, ...englishSources },
  },
  {
    ...common,
    name: 'e5-base-v2',
    aliases: ['e5-base'],
    uri: 'hf:ChristianAzinn/e5-base-v2-gguf/e5-base-v2.Q8_0.gguf',
    bytes: 118_000_000,
    dimensions: 768,
    languages: 'English',
    sources: { file: sizeEstimated, ...englishSources },
  },
  {
    ...common,
    name: 'e5-large-v2',
    aliases: ['e5-large'],
    uri: 'hf:ChristianAzinn/e5-large-v2-gguf/e5-large-v2.Q8_0.gguf',
    bytes: 358_000_000,
    dimensions: 1024,
    languages: 'English',
    sources: {
      file: believed('named as its siblings are in ChristianAzinn/e5-large-v2-gguf; the size is estimated'),
      ...englishSources,
    },
  },
  {
    ...common,
    name: 'multilingual-e5-small',
    aliases: [],
    uri: 'hf:keisuke-miyako/multilingual-e5-small-gguf-q8_0/multilingual-e5-small-Q8_0.gguf',
    bytes: 131_953_504,
    sha256: '0d5a5a0b0ad84faad6357a6145e769b0661f0efbf53acf74598afc34dab454f4',
    dimensions: 384,
    languages: 'about 100 languages',
    note: 'Other conversions of this model to GGUF are reported as broken; compare a few searches before relying on it.',
    sources: { file: read('file name, size and SHA-256 as a public project pins them'), ...multilingualSources },
  },
  {
    ...common,
    name: 'multilingual-e5-base',
    aliases: [],
    uri: 'hf:keisuke-miyako/multilingual-e5-base-gguf-q8_0/multilingual-e5-base-Q8_0.gguf',
    bytes: 300_000_000,
    dimensions: 768,
    languages: 'about 100 languages',
    sources: { file: sizeEstimated, ...multilingualSources },
  },
  {
    ...common,
    name: 'multilingual-e5-large',
    aliases: [],
    uri: 'hf:phate334/multilingual-e5-large-gguf/multilingual-e5-large-f16.gguf',
    bytes: 1_126_215_072,
    dimensions: 1024,
    languages: 'about 100 languages',
    sources: { file: named, ...multilingualSources },
  },
]
