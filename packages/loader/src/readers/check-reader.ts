import { QuernError } from '@quern/core'
import type { Reader } from './reader.ts'

/** Readers come from configurations that no compiler has checked. */
function faultOf(reader: Reader): string | undefined {
  const { name, version, mediaType, extensions, fileNames = [] } = reader
  if (typeof name !== 'string' || name === '') return 'it has no name'
  if (typeof reader.read !== 'function') return 'it has no function read'
  if (!Array.isArray(extensions) || !Array.isArray(fileNames)) return 'its extensions are no list'
  if (!Number.isSafeInteger(version)) return `its version is no whole number but ${version}`
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(mediaType)) return `${JSON.stringify(mediaType)} is no media type`
  const ending = extensions.find(
    (extension) => !/^\.[^./\\]+$/.test(extension) || extension !== extension.toLowerCase(),
  )
  if (ending !== undefined) return `${JSON.stringify(ending)} is no file ending in lower case with one dot in front`
  const fileName = fileNames.find((candidate) => candidate.includes('.') || candidate !== candidate.toLowerCase())
  if (fileName !== undefined) return `${JSON.stringify(fileName)} is no file name in lower case without an ending`
  return extensions.length + fileNames.length === 0 ? 'it reads no ending' : undefined
}

/** Refuses a reader that no file would find, or whose documents could not be told from those of an older version (`OPTION_INVALID`). */
export function checkReader(reader: Reader): void {
  const fault = faultOf(reader)
  if (fault === undefined) return
  throw new QuernError('OPTION_INVALID', `the reader ${JSON.stringify(reader.name)} cannot be used: ${fault}`, {
    hint: "A reader has name, version, mediaType, extensions such as ['.note'], and read().",
  })
}
