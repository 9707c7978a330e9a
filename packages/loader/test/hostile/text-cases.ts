import type { HostileCase } from './hostile-case.ts'

const long = 200_000

function text(content: string): () => Uint8Array {
  return () => Buffer.from(content)
}

function notebook(source: unknown): () => Uint8Array {
  return text(JSON.stringify({ cells: [{ cell_type: 'code', source }] }))
}

const aliases = Array.from({ length: 12 }, (_value, level) => {
  const before = level === 0 ? 'x' : `*a${level - 1}`
  return `a${level}: &a${level} [${Array.from({ length: 10 }, () => before).join(', ')}]`
})
const cue = '1\n00:00:01,000 --> 00:00:02,000\n'

/** Text with markup on lines so long that a pattern which is not linear takes minutes, and text that is something else. */
export const textCases: readonly HostileCase[] = [
  {
    what: 'front matter with an alias bomb',
    file: 'a.md',
    bytes: text(`---\n${aliases.join('\n')}\n---\nkept`),
    outcome: 'read',
    says: 'kept',
  },
  {
    what: 'front matter nested 15,000 deep',
    file: 'a.md',
    bytes: text(`---\n${'- '.repeat(15_000)}\n---\nkept`),
    outcome: 'read',
    says: 'kept',
  },
  {
    what: 'front matter that is a program',
    file: 'a.md',
    bytes: text('---js\nprocess.exit(9)\n---\nkept'),
    outcome: 'read',
    says: 'kept',
  },
  {
    what: 'front matter of thousands of keys',
    file: 'a.md',
    bytes: text(`---\n${Array.from({ length: 3500 }, (_, key) => `k${key}: 1`).join('\n')}\n---\nkept`),
    outcome: 'read',
    says: 'kept',
  },
  { what: 'a heading of 20 MB', file: 'a.md', bytes: text(`# ${'['.repeat(20_000_000)}`), outcome: 'read' },
  {
    what: 'a headline that ends in blanks and a letter',
    file: 'a.org',
    bytes: text(`* a${' '.repeat(long)}x`),
    outcome: 'read',
  },
  {
    what: 'drawers that are not closed',
    file: 'a.org',
    bytes: text(`${':drawer:\n'.repeat(50_000)}kept`),
    outcome: 'read',
    says: 'kept',
  },
  {
    what: 'a directive of blanks',
    file: 'a.rst',
    bytes: text(`.. code::${' '.repeat(long)}\u00E9`),
    outcome: 'read',
  },
  {
    what: 'directives within one another',
    file: 'a.rst',
    bytes: text(Array.from({ length: 2000 }, (_, indent) => `${' '.repeat(indent)}.. code:: x`).join('\n')),
    outcome: 'read',
  },
  {
    what: 'a title and underline of 5 MB',
    file: 'a.rst',
    bytes: text(`${'a'.repeat(5_000_000)}\n${'='.repeat(5_000_000)}`),
    outcome: 'read',
  },
  {
    what: 'items whose labels are not closed',
    file: 'a.tex',
    bytes: text(`x${'\\item['.repeat(long / 6)}`),
    outcome: 'read',
  },
  {
    what: 'line breaks whose lengths are not closed',
    file: 'a.tex',
    bytes: text('\\\\['.repeat(long / 3)),
    outcome: 'read',
  },
  {
    what: 'a section that ends in blanks and a letter',
    file: 'a.tex',
    bytes: text(`\\section{}${' '.repeat(long)}x`),
    outcome: 'read',
  },
  {
    what: 'cues of tags that are not closed',
    file: 'a.srt',
    bytes: text(`${cue}${'<a'.repeat(long)}${'{\\'.repeat(long)}`),
    outcome: 'read',
  },
  {
    what: 'a cell of line ends',
    file: 'a.ipynb',
    bytes: notebook(`a${'\n'.repeat(long)}b`),
    outcome: 'read',
  },
  {
    what: 'a notebook nested a million deep',
    file: 'a.ipynb',
    bytes: text(`{"cells":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`),
    outcome: 'read',
  },
  { what: 'a notebook that is cut off', file: 'a.ipynb', bytes: text('{"cells":[{'), outcome: 'CORRUPT' },
  {
    what: 'data nested a million deep',
    file: 'a.json',
    bytes: text('['.repeat(1_000_000)),
    outcome: 'read',
  },
  {
    what: 'a line of 60 MB',
    file: 'a.txt',
    bytes: () => Buffer.alloc(60_000_000, 'x'),
    outcome: 'read',
  },
  {
    what: 'a PDF named .txt',
    file: 'a.txt',
    bytes: text('%PDF-1.4\n1 0 obj'),
    outcome: 'BINARY',
    says: 'it is a PDF document',
  },
  {
    what: 'a PNG image named .md',
    file: 'a.md',
    bytes: () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    outcome: 'BINARY',
    says: 'it is a PNG image',
  },
  {
    what: 'an office document named .csv',
    file: 'a.csv',
    bytes: text('PK\u0003\u0004'),
    outcome: 'BINARY',
    says: 'it is a ZIP archive',
  },
  {
    what: 'a program named .log',
    file: 'a.log',
    bytes: () => Buffer.from('7f454c46020101000000000000000000', 'hex'),
    outcome: 'BINARY',
    says: 'it is a program',
  },
  {
    what: 'a database named .txt',
    file: 'a.txt',
    bytes: text('SQLite format 3\0\u0010\0'),
    outcome: 'BINARY',
    says: 'it is an SQLite database',
  },
  {
    what: 'zero bytes in a text',
    file: 'a.py',
    bytes: text('print(1)\n\0\0\0\0\0\0 more'),
    outcome: 'BINARY',
  },
  {
    what: 'one broken character in UTF-8',
    file: 'a.txt',
    bytes: () => Buffer.concat([Buffer.from('Gr\u00F6\u00DFe, h\u00F6her '.repeat(20)), Buffer.from([0xe4, 0x20])]),
    outcome: 'read',
    says: 'Gr\u00F6\u00DFe',
  },
]
