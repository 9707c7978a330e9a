import { readFile } from 'node:fs/promises'
import { errorMessage, systemErrorCode } from '@quern/core'
import { modelInvalid, modelUnreadable } from './model-errors.ts'

/** A JSON object whose members are not checked yet. */
export interface JsonObject {
  readonly [key: string]: unknown
}

function parseObject(path: string, text: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw modelInvalid(path, `is not JSON (${errorMessage(error)})`, error)
  }
  if (typeof value !== 'object' || value === null) throw modelInvalid(path, 'is JSON, but no object')
  return value as JsonObject
}

/** The JSON object (or array) in a file of a model. Rejects with `MODEL_NOT_FOUND` or `MODEL_INVALID`, naming the file. */
export async function readJsonObject(path: string): Promise<JsonObject> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw modelUnreadable(path, error)
  }
  return parseObject(path, text)
}

/** The same for a file that may be missing: undefined then. */
export async function readOptionalJsonObject(path: string): Promise<JsonObject | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw modelUnreadable(path, error)
  }
  return parseObject(path, text)
}
