/** A value of JSON in a file, by its place. */
export interface JsonPiece {
  /** Member of the outermost object to which it belongs; several elements of a list have the same. */
  readonly key: string
  readonly offset: number
  readonly length: number
}

/** Finds the values in an object of JSON that comes block by block, without ever holding more than a key of it. */
export interface JsonPieces {
  /** Takes the next bytes and returns the pieces that end in them. Throws `SyntaxError` where there is no object. */
  feed(block: Uint8Array): JsonPiece[]
  /** Whether the object has ended. */
  readonly ended: boolean
  /** Whether the member whose elements are pieces was there, and was a list. */
  readonly hasList: boolean
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** Blanks of JSON, and the bytes of a mark that some programs put at the start of a file (BOM). */
const blanks: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf])

interface Cursor {
  /** Position in the file of the byte that is looked at. */
  at: number
  /** Objects and lists that are open. */
  depth: number
  inString: boolean
  escaped: boolean
  ended: boolean
  /** Bytes of the key that is being read, of the string that may be one. */
  keyBytes: number[]
  key: string | undefined
  inList: boolean
  hasList: boolean
  /** Where the value that is being passed began. */
  start: number | undefined
}

/** The depth at which values are pieces. */
function pieceDepth({ inList }: Cursor): number {
  return inList ? 2 : 1
}

function finishPiece(cursor: Cursor, pieces: JsonPiece[]): void {
  const { key, start, at } = cursor
  if (key !== undefined && start !== undefined) pieces.push({ key, offset: start, length: at - start })
  cursor.start = undefined
  if (!cursor.inList) cursor.key = undefined
}

function inString(cursor: Cursor, byte: number): void {
  if (cursor.start === undefined) cursor.keyBytes.push(byte)
  if (cursor.escaped) cursor.escaped = false
  else if (byte === backslash) cursor.escaped = true
  else if (byte === quote) cursor.inString = false
}

function close(cursor: Cursor, byte: number, pieces: JsonPiece[]): void {
  if (cursor.depth === pieceDepth(cursor)) {
    finishPiece(cursor, pieces)
    if (cursor.inList && byte === closeBracket) {
      cursor.inList = false
      cursor.key = undefined
    }
  }
  cursor.depth--
  if (cursor.depth === 0) cursor.ended = true
}

/** A byte at the depth of pieces that neither closes nor stands in a string. */
function atPieceDepth(cursor: Cursor, byte: number, { list, pieces }: { list: string; pieces: JsonPiece[] }): void {
  if (byte === comma) finishPiece(cursor, pieces)
  else if (byte === colon && cursor.key === undefined) {
    cursor.key = JSON.parse(Buffer.from(cursor.keyBytes).toString('utf8')) as string
    cursor.keyBytes = []
  } else if (cursor.key !== undefined && cursor.start === undefined) {
    if (!cursor.inList && cursor.key === list && byte === openBracket) {
      cursor.inList = true
      cursor.hasList = true
    } else cursor.start = cursor.at
  }
}

function outsideString(cursor: Cursor, byte: number, context: { list: string; pieces: JsonPiece[] }): void {
  if (blanks.has(byte)) return
  if (cursor.ended || (cursor.depth === 0 && byte !== openBrace))
    throw new SyntaxError(`unexpected byte ${byte} at ${cursor.at}`)
  if (byte === closeBrace || byte === closeBracket) {
    close(cursor, byte, context.pieces)
    return
  }
  if (cursor.depth === pieceDepth(cursor)) atPieceDepth(cursor, byte, context)
  if (byte === openBrace || byte === openBracket) cursor.depth++
  else if (byte === quote) {
    cursor.inString = true
    if (cursor.start === undefined) cursor.keyBytes = [byte]
  }
}

/** Pieces are the values of the outermost object's members, and of the member `list`, if it is a list, the elements. */
export function createJsonPieces(list: string): JsonPieces {
  const cursor: Cursor = {
    at: 0,
    depth: 0,
    inString: false,
    escaped: false,
    ended: false,
    keyBytes: [],
    key: undefined,
    inList: false,
    hasList: false,
    start: undefined,
  }
  return {
    feed(block) {
      const pieces: JsonPiece[] = []
      for (const byte of block) {
        if (cursor.inString) inString(cursor, byte)
        else outsideString(cursor, byte, { list, pieces })
        cursor.at++
      }
      return pieces
    },
    get ended() {
      return cursor.ended
    },
    get hasList() {
      return cursor.hasList
    },
  }
}
