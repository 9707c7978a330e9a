import { errorMessage } from '@quern/core'
import { modelInvalid } from './model-errors.ts'
import type { ModelFolder } from './model-folder.ts'
import { readJsonObject } from './read-json-object.ts'

/** A model's own tokenizer. */
export interface ModelTokenizer {
  /** Ids of a text's tokens, special tokens included. */
  readonly tokenize: (text: string) => readonly number[]
  /** Special tokens that are put around every text. */
  readonly specialTokens: number
}

/** Loads the tokenizer of a model. Rejects with `MODEL_NOT_FOUND` or `MODEL_INVALID`, naming the file. */
export async function loadTokenizer({ tokenizerPath, tokenizerSettings }: ModelFolder): Promise<ModelTokenizer> {
  const json = await readJsonObject(tokenizerPath)
  const { Tokenizer } = await import('@huggingface/tokenizers')
  try {
    const tokenizer = new Tokenizer(json, tokenizerSettings)
    const tokenize = (text: string): readonly number[] => tokenizer.encode(text).ids
    return { tokenize, specialTokens: tokenize('').length }
  } catch (error) {
    throw modelInvalid(tokenizerPath, `is no tokenizer that can be loaded (${errorMessage(error)})`, error)
  }
}
