import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createBertGraph } from './bert-graph.ts'
import type { BertShape } from './bert-graph.ts'
import { encodeOnnx } from './encode-onnx.ts'
import { tinyTokenizer } from './tiny-tokenizer.ts'

const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))
const sources = ['bert-graph.ts', 'encode-onnx.ts', 'encode-protobuf.ts', 'graph-builder.ts', 'tiny-tokenizer.ts']

async function cacheKey(shape: BertShape): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(shape))
  for (const source of sources) hash.update(await readFile(new URL(source, import.meta.url)))
  return hash.digest('hex').slice(0, 12)
}

/**
 * Path of a folder with a model in ONNX format that has the shape of bge-small-en-v1.5 (384 dimensions, 512 tokens) and seeded weights, in
 * single precision or with matrix products in 8-bit integers; made on first use and kept. For measuring speed. 133 or 70 MB.
 */
export async function bgeSmallShapeOnnxFolder(quantized: boolean): Promise<string> {
  const sizes = { vocabulary: 30_522, layers: 12, hidden: 384, heads: 12, feedForward: 1536, context: 512 }
  const shape: BertShape = { ...sizes, seed: 1, quantized }
  const folder = join(cacheFolder, `bge-small-shape-onnx-${await cacheKey(shape)}`)
  if ((await stat(folder).catch(() => undefined)) !== undefined) return folder
  const files: Record<string, string | Uint8Array> = {
    'config.json': JSON.stringify({ model_type: 'bert', hidden_size: shape.hidden, max_position_embeddings: 512 }),
    'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'BertTokenizer', model_max_length: 512 }),
    'tokenizer.json': JSON.stringify(tinyTokenizer),
    '1_Pooling/config.json': JSON.stringify({ word_embedding_dimension: shape.hidden, pooling_mode_cls_token: true }),
    'model.onnx': encodeOnnx(createBertGraph(shape)),
  }
  const temporary = `${folder}-${process.pid}`
  await rm(temporary, { recursive: true, force: true })
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(temporary, name)), { recursive: true })
    await writeFile(join(temporary, name), content)
  }
  await rename(temporary, folder)
  return folder
}
