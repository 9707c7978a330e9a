/** Decodes with replacement characters where bytes do not fit; undefined where the encoding is unknown here. */
export async function decodeAs(bytes: Uint8Array, encoding: string): Promise<string | undefined> {
  if (encoding.startsWith('utf-8') || encoding.startsWith('utf-16')) return new TextDecoder(encoding).decode(bytes)
  const iconv = (await import('iconv-lite')).default
  if (iconv.encodingExists(encoding)) return iconv.decode(bytes, encoding)
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The WHATWG name of a declared encoding; undefined for unknown ones and for UTF, which is told without a declaration. */
function declaredName(declared: string | undefined): string | undefined {
  if (declared === undefined) return undefined
  try {
    const name = new TextDecoder(declared).encoding
    return name.startsWith('utf') ? undefined : name
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Decodes as the document says of itself; undefined where that is unknown here, or does not fit. */
export async function decodeDeclared(
  bytes: Uint8Array,
  declared: string | undefined,
): Promise<{ readonly text: string; readonly encoding: string } | undefined> {
  const encoding = declaredName(declared)
  if (encoding === undefined) return undefined
  const text = await decodeAs(bytes, encoding)
  return text === undefined || text.includes('\uFFFD') ? undefined : { text, encoding }
}
