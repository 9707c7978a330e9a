import { createChunker } from '@quern/chunker'

/** What a search page wants to index: a passage, and a link that leads to it. */
export interface Passage {
  readonly link: string
  readonly text: string
}

// The application counts as its own model does; without `countTokens` tokens are estimated.
const chunker = createChunker({ maxTokens: 512, targetTokens: 120 })

/** A page of a wiki as passages, each with a link to its heading. */
export async function passagesOf(url: string, markdown: string): Promise<Passage[]> {
  const document = { pageContent: markdown, metadata: { source: url, mediaType: 'text/markdown' } }
  return Array.fromAsync(chunker.split(document), ({ pageContent, metadata }) => {
    const heading = metadata.headings?.at(-1)
    const anchor = heading === undefined ? '' : `#${heading.toLowerCase().replaceAll(' ', '-')}`
    return { link: `${url}${anchor}`, text: pageContent }
  })
}

const page = `# Querns

A quern is a hand mill. The upper stone turns on the lower one, and flour runs out at the rim.

## Dressing the stones

After some hundredweights of rye the grooves are worn. Lift the upper stone off and cut them anew with a mill pick.
`
for (const { link, text } of await passagesOf('/wiki/querns', page)) console.log(link, '|', text.split('\n').at(-1))
