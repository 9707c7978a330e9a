import { posix } from 'node:path'
import { codeExtensions, codeFileNames, codeLanguage } from './code-languages.ts'
import { decodeText } from './decode-text.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

async function readCode({ bytes, sourceId, signal }: ReadRequest): Promise<ReadResult> {
  signal?.throwIfAborted()
  const { text, ...encoding } = await decodeText(bytes, { sourceId })
  const name = posix.basename(sourceId)
  const language = codeLanguage(name.toLowerCase(), posix.extname(name).toLowerCase())
  return {
    pageContent: text,
    metadata: {
      // The whole name: a file of code is known by it, ending included.
      title: name,
      ...(language === undefined ? {} : { codeLanguage: language }),
      ...encoding,
    },
  }
}

/** Reads source code and data formats of the common languages as they stand; `metadata.codeLanguage` names the language. */
export const codeReader: Reader = {
  name: 'code',
  version: 2,
  mediaType: 'text/x-source-code',
  extensions: codeExtensions,
  fileNames: codeFileNames,
  read: readCode,
}
