/** A fenced block of a page of Markdown. */
export interface FencedBlock {
  /** What stands behind the opening fence, for instance `ts`; empty when nothing does. */
  readonly language: string
  /** The lines between the fences, each with its line feed. */
  readonly text: string
  /** Line of the page, from 1, on which `text` begins. */
  readonly line: number
}

/** The fenced blocks of a page that begin at the margin, in order. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  return Array.from(markdown.matchAll(/^```([^\n`]*)\n(.*?)^```$/gms), ({ 1: language = '', 2: text = '', index }) => ({
    language: language.trim(),
    text,
    line: markdown.slice(0, index).split('\n').length + 1,
  }))
}
