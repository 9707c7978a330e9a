import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { encodeGguf } from './encode-gguf.ts'
import type { GgufValue } from './encode-gguf.ts'
import { createLexicalTensors } from './lexical-tensors.ts'

const shape = { layers: 2, hidden: 64, heads: 4, feedForward: 128, context: 256 }
const seed = 1
const special = ['PAD', 'UNK', 'CLS', 'SEP', 'MASK'] as const

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

/** Numbers in a vector of the tiny model. */
export const tinyModelDimensions = shape.hidden

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

function describe(vocabulary: readonly string[]): Record<string, GgufValue> {
  const id = (name: (typeof special)[number]): GgufValue => uint32(vocabulary.indexOf(`[${name}]`))
  return {
    'general.architecture': string('bert'),
    'general.type': string('model'),
    'general.name': string('tiny-lexical'),
    'general.description': string('seeded weights for tests: not a trained model'),
    'general.file_type': uint32(0),
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

/** The bytes of the tiny model: the same on every machine. */
export async function createTinyModel(): Promise<Buffer> {
  const text = await readFile(join(packageFolder, 'model', 'vocab-3072.txt'), 'utf8')
  const vocabulary = text.trimEnd().split('\n')
  return encodeGguf(describe(vocabulary), createLexicalTensors(vocabulary, shape, seed))
}

let made: Promise<string> | undefined

async function makeOnce(): Promise<string> {
  const model = await createTinyModel()
  const folder = join(packageFolder, 'node_modules', '.cache')
  const name = `tiny-lexical-${createHash('sha256').update(model).digest('hex').slice(0, 12)}.gguf`
  const path = join(folder, name)
  const present = await stat(path).catch(() => undefined)
  if (present?.size === model.length) return path
  await mkdir(folder, { recursive: true })
  // Several test processes may write it at once: each writes its own and moves it into place whole.
  const temporary = join(folder, `${process.pid}-${name}`)
  await writeFile(temporary, model)
  await rename(temporary, path)
  return path
}

/**
 * Path of a tiny BERT embedding model (GGUF, 64 dimensions, 256 tokens), made on first use within a second and kept. Texts that
 * share words get similar vectors; it knows nothing else of language.
 */
export async function tinyModelPath(): Promise<string> {
  made ??= makeOnce()
  return made
}
