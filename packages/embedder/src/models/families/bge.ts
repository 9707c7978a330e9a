import { believed, named, pinned, read, searchInstruction } from '../fact-source.ts'
import type { KnownModel } from '../known-model.ts'

const english = {
  sha256: undefined,
  maxTokens: 512,
  pooling: 'cls',
  queryPrefix: searchInstruction,
  documentPrefix: '',
  languages: 'English',
  licence: 'MIT',
} as const

const englishSources = {
  shape: read('model list of the BGE v1.5 model cards'),
  pooling: read('settings of other llama.cpp projects for BGE v1.5'),
  prefixes: read('model cards of BAAI/bge-*-en-v1.5: for queries alone'),
  licence: read('model cards of CompendiumLabs/bge-*-en-v1.5-gguf'),
} as const

/** The BGE models of BAAI. */
export const bge: readonly KnownModel[] = [
  {
    ...english,
    name: 'bge-small-en-v1.5',
    aliases: ['bge-small'],
    uri: 'hf:CompendiumLabs/bge-small-en-v1.5-gguf/bge-small-en-v1.5-q8_0.gguf',
    bytes: 36_806_944,
    sha256: 'ec38e8da142596baa913124ae50550de284b6916bf59577ef2f0cb9660c2f514',
    dimensions: 384,
    sources: { file: pinned, ...englishSources },
  },
  {
    ...english,
    name: 'bge-base-en-v1.5',
    aliases: ['bge-base'],
    uri: 'hf:CompendiumLabs/bge-base-en-v1.5-gguf/bge-base-en-v1.5-q8_0.gguf',
    bytes: 117_974_304,
    dimensions: 768,
    sources: { file: read('model card of CompendiumLabs/bge-base-en-v1.5-gguf'), ...englishSources },
  },
  {
    ...english,
    name: 'bge-large-en-v1.5',
    aliases: ['bge-large'],
    uri: 'hf:CompendiumLabs/bge-large-en-v1.5-gguf/bge-large-en-v1.5-q8_0.gguf',
    bytes: 358_235_712,
    dimensions: 1024,
    sources: { file: named, ...englishSources },
  },
  {
    name: 'bge-m3',
    aliases: [],
    uri: 'hf:ggml-org/bge-m3-Q8_0-GGUF/bge-m3-q8_0.gguf',
    bytes: 634_553_760,
    sha256: 'aa473d51f451a22f0fcf39ba3330c14bed38a385712b1113440f69df4047a173',
    dimensions: 1024,
    maxTokens: 8192,
    pooling: 'cls',
    queryPrefix: '',
    documentPrefix: '',
    languages: 'over 100 languages',
    licence: 'MIT',
    sources: {
      file: pinned,
      shape: read('settings of other llama.cpp projects for bge-m3'),
      pooling: read('settings of other llama.cpp projects for bge-m3'),
      prefixes: believed('model card of BAAI/bge-m3: none'),
      licence: believed('model card of BAAI/bge-m3'),
    },
  },
]
