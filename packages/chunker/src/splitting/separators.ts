/**
 * Never in well-formed text. LangChain's splitter cuts what follows its last separator between UTF-16 code units once that
 * separator was found, which breaks surrogate pairs.
 */
export const neverFound = '\ud800\ud800'

/** Between paragraphs, else lines. */
export const lineSeparators = ['\n\n', '\n'] as const

/** Between clauses, else words. */
export const wordSeparators = ['; ', ', ', '、', '，', '\t', ' '] as const

/** Languages that LangChain's splitter knows, by the names that source files and fenced code give them. */
const splitterLanguages = {
  c: 'cpp',
  'c++': 'cpp',
  cpp: 'cpp',
  csharp: 'java',
  cs: 'java',
  dart: 'java',
  go: 'go',
  golang: 'go',
  groovy: 'java',
  java: 'java',
  javascript: 'js',
  js: 'js',
  jsx: 'js',
  kotlin: 'java',
  kt: 'java',
  php: 'php',
  proto: 'proto',
  protobuf: 'proto',
  py: 'python',
  python: 'python',
  rb: 'ruby',
  rs: 'rust',
  ruby: 'ruby',
  rust: 'rust',
  scala: 'scala',
  sol: 'sol',
  solidity: 'sol',
  swift: 'swift',
  ts: 'js',
  tsx: 'js',
  typescript: 'js',
} as const

/** In front of LangChain's own, which know declarations only where nothing stands before their first word. */
const moreSeparators: Readonly<Record<string, readonly string[]>> = {
  js: ['\nexport ', '\nasync function '],
  python: ['\nasync def '],
  rust: ['\npub ', '\nimpl ', '\nmod ', '\nstruct ', '\nenum ', '\ntrait '],
}

function isKnown(language: string): language is keyof typeof splitterLanguages {
  return Object.hasOwn(splitterLanguages, language)
}

/** What declarations begin with in a language that `RecursiveCharacterTextSplitter.fromLanguage` knows; nothing for others. */
export async function declarationSeparators(language: string): Promise<readonly string[]> {
  if (!isKnown(language)) return []
  const { RecursiveCharacterTextSplitter } = await import('@langchain/textsplitters')
  const known = splitterLanguages[language]
  const { separators } = RecursiveCharacterTextSplitter.fromLanguage(known, { chunkOverlap: 0 })
  return [...(moreSeparators[known] ?? []), ...separators.filter((separator) => separator.trim() !== '')]
}
