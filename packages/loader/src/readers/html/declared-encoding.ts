const searchedBytes = 4096

const declarations = [
  /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w:.-]+)/i,
  /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w:.-]+)/i,
]

/** The encoding that an HTML page declares within its first 4 KB (`<meta charset>`, `http-equiv`, XML declaration), as written there. */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, searchedBytes)).toString('latin1')
  for (const declaration of declarations) {
    const found = declaration.exec(head)?.[1]
    if (found !== undefined) return found
  }
  return undefined
}
