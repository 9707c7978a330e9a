import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createBertGraph, encodeOnnx, temporaryFolder, tinyTokenizer, tinyVocabulary } from '@quern/test-fixtures'
import type { OnnxBertShape as BertShape } from '@quern/test-fixtures'
import { onTestFinished } from 'vitest'

/** Sizes of the tiny model. */
export const tinyShape: BertShape = {
  vocabulary: tinyVocabulary.length,
  layers: 2,
  hidden: 32,
  heads: 4,
  feedForward: 64,
  context: 128,
  seed: 1,
  quantized: false,
}

/** Content of a file: text, bytes, or what is written as JSON. Undefined is no file. */
type Content = string | Uint8Array | object | undefined

/** The files of the tiny model, by path. */
export function tinyFiles(changes: Readonly<Record<string, Content>> = {}): Readonly<Record<string, Content>> {
  return {
    'config.json': { model_type: 'bert', hidden_size: tinyShape.hidden, max_position_embeddings: tinyShape.context },
    'tokenizer_config.json': { tokenizer_class: 'BertTokenizer', model_max_length: 1e30 },
    'tokenizer.json': tinyTokenizer,
    '1_Pooling/config.json': { word_embedding_dimension: tinyShape.hidden, pooling_mode_mean_tokens: true },
    'model.onnx': encodeOnnx(createBertGraph(tinyShape)),
    ...changes,
  }
}

/** Writes files into a folder. */
export async function writeFiles(folder: string, files: Readonly<Record<string, Content>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    const isText = typeof content === 'string' || content instanceof Uint8Array
    await writeFile(path, isText ? content : JSON.stringify(content))
  }
}

/** Path of a new folder with the tiny model, changed in some files; removed when the test is finished. */
export async function tinyModelFolder(changes: Readonly<Record<string, Content>> = {}): Promise<string> {
  const folder = await temporaryFolder()
  onTestFinished(() => folder[Symbol.asyncDispose]())
  await writeFiles(folder.path, tinyFiles(changes))
  return folder.path
}
