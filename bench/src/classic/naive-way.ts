import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'
import type { LlamaEmbeddingContext } from 'node-llama-cpp'

/** A document as tutorials keep it. */
interface NaiveDocument {
  readonly id: string
  readonly content: string
  readonly metadata: { readonly source: string }
  readonly embedding: readonly number[]
}

/** Loads a model with the default options of node-llama-cpp. */
export async function loadModelNaively(modelPath: string): Promise<LlamaEmbeddingContext> {
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: LlamaLogLevel.error })
  const model = await llama.loadModel({ modelPath })
  return model.createEmbeddingContext()
}

/** Embeds documents one at a time. */
export async function embedNaively(
  folder: string,
  { names, context }: { readonly names: readonly string[]; readonly context: LlamaEmbeddingContext },
): Promise<NaiveDocument[]> {
  const documents: NaiveDocument[] = []
  for (const name of names) {
    const content = await readFile(join(folder, name), 'utf8')
    const { vector } = await context.getEmbeddingFor(content)
    documents.push({ id: name, content, metadata: { source: name }, embedding: [...vector] })
  }
  return documents
}

/** Writes all documents in one pretty `JSON.stringify`. Returns the size of the file. */
export async function saveNaively(file: string, embeddings: readonly NaiveDocument[]): Promise<number> {
  const content = { version: '1.0', count: embeddings.length, dimensions: embeddings[0]?.embedding.length, embeddings }
  await writeFile(file, JSON.stringify(content, null, 2))
  return (await stat(file)).size
}

/** Reads all documents. */
export async function loadNaively(file: string): Promise<NaiveDocument[]> {
  return (JSON.parse(await readFile(file, 'utf8')) as { embeddings: NaiveDocument[] }).embeddings
}

/** Embeds the documents whose name is not yet in the file, and writes the file anew. What was edited or removed goes unseen. */
export async function addNaively(file: string, folder: string, context: LlamaEmbeddingContext): Promise<number> {
  const known = await loadNaively(file)
  const ids = new Set(known.map(({ id }) => id))
  const names = (await readdir(folder)).filter((name) => !ids.has(name)).toSorted()
  await saveNaively(file, [...known, ...(await embedNaively(folder, { names, context }))])
  return names.length
}
