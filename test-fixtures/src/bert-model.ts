import { encodeGguf } from './encode-gguf.ts'
import type { GgufValue, MatrixType } from './encode-gguf.ts'
import { createLexicalTensors } from './lexical-tensors.ts'
import type { BertShape } from './lexical-tensors.ts'

const special = ['PAD', 'UNK', 'CLS', 'SEP', 'MASK'] as const

/** A BERT embedding model to be made. */
export interface BertModel {
  readonly name: string
  readonly shape: BertShape
  /** WordPiece tokens, the special ones among them. */
  readonly vocabulary: readonly string[]
  readonly seed: number
  /** How the weights of matrices are stored. */
  readonly matrices: MatrixType
}

function tokenType(token: string): number {
  if (special.some((name) => token === `[${name}]`)) return 3
  return /^\[unused\d+\]$/.test(token) ? 5 : 1
}

/** llama.cpp keeps WordPiece tokens in another form: `##ing` as `ing`, and `word` with a mark in front. */
function tokenText(token: string): string {
  if (tokenType(token) === 3) return token
  return token.startsWith('##') ? token.slice(2) : `\u2581${token}`
}

function uint32(value: number): GgufValue {
  return { type: 'uint32', value }
}

function string(value: string): GgufValue {
  return { type: 'string', value }
}

function describe({ name, shape, vocabulary, matrices }: BertModel): Record<string, GgufValue> {
  const id = (token: (typeof special)[number]): GgufValue => uint32(vocabulary.indexOf(`[${token}]`))
  return {
    'general.architecture': string('bert'),
    'general.type': string('model'),
    'general.name': string(name),
    'general.description': string('seeded weights for tests: not a trained model'),
    'general.file_type': uint32(matrices === 'q8_0' ? 7 : 0),
    'bert.block_count': uint32(shape.layers),
    'bert.context_length': uint32(shape.context),
    'bert.embedding_length': uint32(shape.hidden),
    'bert.feed_forward_length': uint32(shape.feedForward),
    'bert.attention.head_count': uint32(shape.heads),
    'bert.attention.layer_norm_epsilon': { type: 'float32', value: 1e-12 },
    'bert.attention.causal': { type: 'bool', value: false },
    // Pooling by the first token, [CLS].
    'bert.pooling_type': uint32(2),
    'tokenizer.ggml.model': string('bert'),
    'tokenizer.ggml.pre': string('bert-bge'),
    'tokenizer.ggml.tokens': { type: 'strings', value: vocabulary.map(tokenText) },
    'tokenizer.ggml.scores': { type: 'float32s', value: vocabulary.map(() => -1000) },
    'tokenizer.ggml.token_type': { type: 'int32s', value: vocabulary.map(tokenType) },
    'tokenizer.ggml.token_type_count': uint32(2),
    'tokenizer.ggml.bos_token_id': id('CLS'),
    'tokenizer.ggml.eos_token_id': id('SEP'),
    'tokenizer.ggml.unknown_token_id': id('UNK'),
    // The key is spelled so in llama.cpp.
    'tokenizer.ggml.seperator_token_id': id('SEP'),
    'tokenizer.ggml.padding_token_id': id('PAD'),
    'tokenizer.ggml.cls_token_id': id('CLS'),
    'tokenizer.ggml.mask_token_id': id('MASK'),
  }
}

/** The bytes of a GGUF file with this model: the same on every machine. */
export function createBertModel(model: BertModel): Buffer {
  return encodeGguf(describe(model), createLexicalTensors(model.vocabulary, model.shape, model.seed), model.matrices)
}
