import type { GgufTensor } from './encode-gguf.ts'
import { createSeededNormals } from './seeded-normals.ts'

/** Sizes of a BERT model. */
export interface BertShape {
  readonly layers: number
  readonly hidden: number
  readonly heads: number
  readonly feedForward: number
  readonly context: number
}

const stopWords = new Set(
  'the and for are but not you all any can had her was one our out has him his how its may new now see two who did yes she they them then than that this with have from were what when where which while will would your into also more some such only over very just about after before'.split(
    ' ',
  ),
)

function carriesContent(token: string): boolean {
  return /^\p{L}{3,}$/u.test(token.replace(/^##/, '')) && !stopWords.has(token)
}

function filled(size: number, value: number): Float32Array {
  return new Float32Array(size).fill(value)
}

/**
 * The tensors of a BERT model whose vectors tell which words a text shares with another, so that retrieval with it finds what it
 * should: every token has a random vector, dimension 0 says whether it carries content, and all heads attend to content alone.
 */
export function createLexicalTensors(vocabulary: readonly string[], shape: BertShape, seed: number): GgufTensor[] {
  const { layers, hidden, heads, feedForward, context } = shape
  const normal = createSeededNormals(seed)
  const headSize = hidden / heads
  const noise = (size: number, scale: number): Float32Array =>
    Float32Array.from({ length: size }, () => normal() * scale)
  const firstOfHead = (size: number, step: number, value: number): Float32Array => {
    const values = filled(size, 0)
    for (let head = 0; head < heads; head++) values[head * step] = value
    return values
  }
  const identityButFirst = (): Float32Array => {
    const values = filled(hidden * hidden, 0)
    for (let i = 1; i < hidden; i++) values[i * hidden + i] = 1
    return values
  }
  const tokens = noise(vocabulary.length * hidden, 1)
  for (const [id, token] of vocabulary.entries()) {
    tokens[id * hidden] = carriesContent(token) ? 3 : -3
    if (token === '[CLS]') tokens.fill(0, id * hidden + 1, (id + 1) * hidden)
  }

  const tensors: GgufTensor[] = []
  const add = (name: string, dimensions: readonly number[], values: Float32Array, quantise = false): void => {
    tensors.push({ name, dimensions, values, quantise })
  }
  const addNorm = (name: string): void => {
    add(`${name}.weight`, [hidden], filled(hidden, 1))
    add(`${name}.bias`, [hidden], filled(hidden, 0))
  }
  add('token_embd.weight', [hidden, vocabulary.length], tokens, true)
  add('position_embd.weight', [hidden, context], filled(hidden * context, 0))
  add('token_types.weight', [hidden, 2], filled(hidden * 2, 0))
  addNorm('token_embd_norm')
  for (let layer = 0; layer < layers; layer++) {
    const block = `blk.${layer}`
    const addLinear = (
      name: string,
      [columns, rows]: readonly [number, number],
      weights: Float32Array,
      bias = filled(rows, 0),
    ): void => {
      add(`${block}.${name}.weight`, [columns, rows], weights, true)
      add(`${block}.${name}.bias`, [rows], bias)
    }
    const square = [hidden, hidden] as const
    addLinear('attn_q', square, filled(hidden * hidden, 0), firstOfHead(hidden, headSize, 0.75 * Math.sqrt(headSize)))
    addLinear('attn_k', square, firstOfHead(hidden * hidden, headSize * hidden, 1))
    addLinear('attn_v', square, identityButFirst())
    addLinear('attn_output', square, identityButFirst())
    addNorm(`${block}.attn_output_norm`)
    addLinear('ffn_up', [hidden, feedForward], noise(hidden * feedForward, 0.02))
    addLinear('ffn_down', [feedForward, hidden], noise(hidden * feedForward, 0.02))
    addNorm(`${block}.layer_output_norm`)
  }
  return tensors
}
