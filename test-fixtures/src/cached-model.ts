import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createBertModel } from './bert-model.ts'
import type { BertModel } from './bert-model.ts'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const sources = ['bert-model.ts', 'encode-gguf.ts', 'lexical-tensors.ts', 'seeded-normals.ts']

/** Changes with the model and with the code that makes it. */
async function cacheKey(model: BertModel): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(model))
  for (const source of sources) hash.update(await readFile(join(packageFolder, 'src', source)))
  return hash.digest('hex').slice(0, 12)
}

/** The 3,072 tokens of the tiny model, in the order of their ids. */
export async function readTinyVocabulary(): Promise<string[]> {
  const text = await readFile(join(packageFolder, 'model', 'vocab-3072.txt'), 'utf8')
  return text.trimEnd().split('\n')
}

/** Path of a model file, made on first use and kept. */
export async function cachedModelPath(model: BertModel): Promise<string> {
  const folder = join(packageFolder, 'node_modules', '.cache')
  const name = `${model.name}-${await cacheKey(model)}.gguf`
  const path = join(folder, name)
  const present = await stat(path).catch(() => undefined)
  if (present !== undefined) return path
  await mkdir(folder, { recursive: true })
  // Several test processes may write it at once: each writes its own and moves it into place whole.
  const temporary = join(folder, `${process.pid}-${name}`)
  await writeFile(temporary, createBertModel(model))
  await rename(temporary, path)
  return path
}
