/** Control characters, and those that turn the direction of text: a terminal would obey them. Line feeds are among them. */
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

function escapeCharacter(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}

/** A text on one line that no terminal takes for commands, whatever a file name or a document holds. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escapeCharacter)
}
