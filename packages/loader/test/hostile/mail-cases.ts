import type { HostileCase } from './hostile-case.ts'

function letter(text: string): () => Uint8Array {
  return () => Buffer.from(text)
}

function nested(depth: number): string {
  const heads = Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`)
  return `Subject: x\n${heads.join('')}\nkept`
}

/** Letters. */
export const mailCases: readonly HostileCase[] = [
  { what: 'parts nested 300 deep', file: 'a.eml', bytes: letter(nested(300)), outcome: 'CORRUPT' },
  {
    what: 'letters within letters, 300 deep',
    file: 'a.eml',
    bytes: letter(`Subject: x\n${'Content-Type: message/rfc822\n\n'.repeat(300)}kept`),
    outcome: 'read',
  },
  {
    what: 'headers of two megabytes',
    file: 'a.eml',
    bytes: letter(`To: ${'a@example.org, '.repeat(150_000)}\n\nbody`),
    outcome: 'CORRUPT',
  },
  {
    what: 'fifty thousand receivers',
    file: 'a.eml',
    bytes: letter(`Subject: Hi\nTo: ${'a@example.org, '.repeat(50_000)}\n\nbody`),
    outcome: 'read',
    says: '# Hi',
  },
  {
    what: 'groups of receivers within groups',
    file: 'a.eml',
    bytes: letter(`Subject: x\nTo: ${'a:'.repeat(50_000)}\n\nbody`),
    outcome: 'read',
  },
  {
    what: 'ten million line ends',
    file: 'a.eml',
    bytes: letter(`Subject: x\n\n${'\n'.repeat(10_000_000)}end`),
    outcome: 'TIMEOUT',
  },
  {
    what: 'half a million parts',
    file: 'a.eml',
    bytes: letter(`Content-Type: multipart/mixed; boundary=a\n\n${'--a\n\n'.repeat(500_000)}`),
    outcome: 'TIMEOUT',
  },
  {
    what: 'noise for base64',
    file: 'a.eml',
    bytes: letter(`Subject: x\nContent-Transfer-Encoding: base64\n\n${'=?%'.repeat(1000)}`),
    outcome: 'read',
    says: '# x',
  },
  {
    what: 'an encoding that nobody knows',
    file: 'a.eml',
    bytes: letter('Subject: =?x-martian?q?a?=\nContent-Type: text/plain; charset=x-martian\n\nbody'),
    outcome: 'read',
    says: 'body',
  },
  { what: 'no letter at all', file: 'a.eml', bytes: letter(''), outcome: 'CORRUPT' },
]
