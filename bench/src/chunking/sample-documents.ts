import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { corpusFolder } from '@quern/test-fixtures'
import { createRandomStream } from '../corpus/random-stream.ts'

/** A text of one kind, and what someone may add to it. */
export interface SampleDocument {
  readonly name: string
  readonly mediaType: string
  readonly codeLanguage?: string
  readonly text: string
  /** What a place begins with at which something is inserted. */
  readonly before: string
  /** What is inserted there: a line, or in a text without lines a few words. */
  readonly line: string
  /** Characters of a chunk of LangChain's splitters. */
  readonly chunkSize: number
}

/** Files of the corpus that the English words are taken from, each as often as it stands there. */
const wordFiles = ['compression/zlib-faq.txt', 'compression/deflate-algorithm.txt', 'node/timers.md']

const japaneseWords =
  '石臼 麦 水車 粉 風 川 村 朝 職人 道具 歴史 記録 挽く 回す 運ぶ 続ける 調べる 測る 大きい 古い 静かな 新しい これ それ 私たち 彼ら'.split(
    ' ',
  )
const particles = ['は', 'が', 'を', 'に', 'で', 'と', 'の', 'から']
const levels = ['INFO', 'WARN', 'DEBUG', 'ERROR']

type Random = () => number

function pick(random: Random, list: readonly string[]): string {
  return list[Math.floor(random() * list.length)] as string
}

function whole(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

function listOf(length: number, item: (index: number) => string): string[] {
  return Array.from({ length }, (_, index) => item(index))
}

/** Writers of English in words of the corpus. */
function createWriter(words: readonly string[], random: Random) {
  const phrase = (length: number): string => listOf(length, () => pick(random, words)).join(' ')
  const sentence = (): string => {
    const text = phrase(whole(random, 7, 22))
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
  }
  return { phrase, sentence, paragraph: (): string => listOf(whole(random, 2, 7), sentence).join(' ') }
}

type Writer = ReturnType<typeof createWriter>

function tableOf({ phrase }: Writer, rows: number): string {
  const body = listOf(rows, (row) => `| ${phrase(1)}-${row} | ${row * 37} | ${phrase(5)} |`)
  return ['| name | size | meaning |', '| --- | --- | --- |', ...body].join('\n')
}

function codeOf({ phrase }: Writer, random: Random, lines: number): string {
  const statement = (line: number): string =>
    `${'  '.repeat(whole(random, 0, 3))}${phrase(2).replace(' ', '_')}(${line})`
  // Blank lines and comments, as code has them.
  const body = listOf(lines, (line) => (line % 8 === 5 ? '' : line % 8 === 6 ? `# ${phrase(4)}` : statement(line)))
  return ['```sh', ...body, '```'].join('\n')
}

/** A manual: headings of three levels, paragraphs, lists, tables, code. */
function markdownOf(writer: Writer, random: Random, sections: number): string {
  const blocks: string[] = []
  for (let section = 0; section < sections; section++) {
    const level = section % 12 === 0 ? 1 : section % 4 === 0 ? 2 : 3
    blocks.push(`${'#'.repeat(level)} ${writer.phrase(3)} ${section}`)
    for (let count = whole(random, 1, 5); count > 0; count--) blocks.push(writer.paragraph())
    const kind = random()
    if (kind < 0.3) blocks.push(listOf(whole(random, 3, 9), () => `- ${writer.sentence()}`).join('\n'))
    else if (kind < 0.4) blocks.push(tableOf(writer, whole(random, 4, 40)))
    else if (kind < 0.55) blocks.push(codeOf(writer, random, whole(random, 4, 30)))
  }
  return blocks.join('\n\n')
}

/** A module of functions, each with a comment above. */
function moduleOf({ phrase, sentence }: Writer, random: Random, functions: number): string {
  const write = (index: number): string => {
    const name = phrase(1) + String(index)
    const body = listOf(
      whole(random, 3, 25),
      (line) => `  const ${phrase(1)}${line} = ${phrase(1)}(${line}, '${phrase(3)}')`,
    )
    return [`/** ${sentence()} */`, `export function ${name}() {`, ...body, '}'].join('\n')
  }
  return listOf(functions, write).join('\n\n')
}

function japaneseOf(random: Random, sentences: number): string {
  const sentence = (): string =>
    `${listOf(whole(random, 4, 12), () => pick(random, japaneseWords) + pick(random, particles)).join('')}ます。`
  return listOf(sentences, sentence).join('')
}

async function corpusWords(): Promise<string[]> {
  const texts = await Promise.all(wordFiles.map((file) => readFile(join(corpusFolder, file), 'utf8')))
  return texts.flatMap((text) => text.toLowerCase().match(/\b[a-z]{2,14}\b/g) ?? [])
}

/** One document a kind, the same on every machine, of about `chunks` chunks of 330 tokens. */
export async function sampleDocuments(chunks: number): Promise<SampleDocument[]> {
  const random = createRandomStream(17)
  const writer = createWriter(await corpusWords(), random)
  const plain = {
    mediaType: 'text/plain',
    before: '\n',
    line: '\none extra line that somebody typed in here',
    chunkSize: 1000,
  }
  const logLine = (line: number): string =>
    `2026-03-${String(1 + (line % 28)).padStart(2, '0')}T12:${String(line % 60).padStart(2, '0')}:07Z ${pick(random, levels)} id=${line} ${writer.phrase(4)}`
  const markdown = {
    ...plain,
    name: 'Markdown',
    mediaType: 'text/markdown',
    before: '\n\n',
    line: '\n\nOne extra line that somebody typed in here.',
    text: markdownOf(writer, random, Math.round(chunks * 0.95)),
    chunkSize: 1500,
  }
  return [
    markdown,
    {
      ...markdown,
      name: 'Markdown, a paragraph inserted',
      line: `\n\n${listOf(9, () => writer.sentence()).join(' ')}`,
    },
    { ...plain, name: 'log lines', text: listOf(chunks * 16, logLine).join('\n') },
    {
      ...plain,
      name: 'CSV lines',
      text: listOf(
        chunks * 22,
        (row) => `${row},${pick(random, levels)},"${writer.phrase(3)}",${whole(random, 10, 99_999)}`,
      ).join('\n'),
    },
    { ...plain, name: 'lines of 12 words', text: listOf(chunks * 20, () => writer.phrase(12)).join('\n') },
    {
      ...plain,
      name: 'prose in paragraphs',
      text: listOf(chunks * 4, () => writer.paragraph()).join('\n\n'),
      before: '\n\n',
      line: '\n\nOne extra line that somebody typed in here.',
    },
    {
      ...plain,
      name: 'prose on one line',
      text: listOf(chunks * 18, () => writer.sentence()).join(' '),
      before: ' ',
      line: ' some inserted words',
    },
    {
      ...plain,
      name: 'TypeScript',
      mediaType: 'text/x-source-code',
      codeLanguage: 'typescript',
      text: moduleOf(writer, random, Math.round(chunks * 1.5)),
      before: '\n  const',
      line: '\n  const inserted = mill(7)',
    },
    {
      ...plain,
      name: 'Japanese, no spaces',
      text: japaneseOf(random, chunks * 14),
      before: '。',
      line: '。追加した文',
    },
  ]
}
