import type { HostileCase } from './hostile-case.ts'

function page(html: string): () => Uint8Array {
  return () => Buffer.from(html)
}

/** A million characters or a little less. */
function million(unit: string): string {
  return unit.repeat(1_000_000 / unit.length)
}

/** Web pages. */
export const webCases: readonly HostileCase[] = [
  {
    what: 'elements nested 100,000 deep',
    file: 'a.html',
    bytes: page(`${'<div>'.repeat(100_000)}deep`),
    outcome: 'TIMEOUT',
  },
  {
    what: 'a million elements that are never closed',
    file: 'a.html',
    bytes: page('<b>'.repeat(1_000_000)),
    outcome: 'TIMEOUT',
  },
  {
    what: 'tables nested 5,000 deep',
    file: 'a.html',
    bytes: page(`${'<table><tr><td>'.repeat(5000)}cell`),
    outcome: 'read',
  },
  { what: 'lists without end', file: 'a.html', bytes: page(million('<ul><li>')), outcome: 'TIMEOUT' },
  {
    what: 'a page of paragraphs that fill the memory',
    file: 'a.html',
    bytes: () => Buffer.from('<p>a'.repeat(15_000_000)),
    outcome: 'TIMEOUT',
  },
  {
    what: 'titles that are not closed',
    file: 'a.html',
    bytes: page(million('<title')),
    outcome: 'read',
  },
  {
    what: 'an element of a hundred thousand attributes',
    file: 'a.html',
    bytes: page(`<p ${Array.from({ length: 100_000 }, (_, index) => `a${index}`).join(' ')}>kept`),
    outcome: 'read',
    says: 'kept',
  },
  { what: 'comments that are not closed', file: 'a.html', bytes: page(million('<!--')), outcome: 'read' },
  { what: 'references to no character', file: 'a.html', bytes: page(million('&#x')), outcome: 'read' },
  {
    what: 'scripts, frames and links to other machines',
    file: 'a.html',
    bytes: page(
      '<script>fetch("http://example.org")</script><iframe src="http://example.org"></iframe><img src="http://example.org/a.png"><p>kept',
    ),
    outcome: 'read',
    says: 'kept',
  },
  {
    what: 'a PNG image named .html',
    file: 'a.html',
    bytes: () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    outcome: 'BINARY',
    says: 'a PNG image',
  },
  {
    what: 'a page cut within a character of UTF-16',
    file: 'a.html',
    bytes: () => Buffer.from(`\uFEFF<p>${'All of it. '.repeat(20)}Half a pai\uD83D`, 'utf16le').subarray(0, -1),
    outcome: 'read',
    says: 'All of it.',
  },
]
