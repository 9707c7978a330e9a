import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markupReaders } from '../../src/readers/markup-readers.ts'
import type { Reader } from '../../src/readers/reader.ts'
import { readRequest } from './read-request.ts'

function reader(name: string): Reader {
  return markupReaders.find((candidate) => candidate.name === name) as Reader
}

const rst = `:author: Ada

======
Manual
======

Intro.

Install
-------
.. code-block:: console

   # not a title
   $ make

Details
~~~~~~~

Use
---
`

test('titles of reStructuredText are headings, their levels in the order in which the kinds of underline are met', async () => {
  const { pageContent, metadata } = await reader('rst').read(readRequest(rst))
  expect(pageContent.split('\n').filter((line) => /^#+ \S/.test(line))).toEqual([
    '# Manual',
    '## Install',
    '### Details',
    '## Use',
  ])
  expect(metadata).toEqual({ author: 'Ada', title: 'Manual' })
})

test('a code block of reStructuredText is fenced', async () => {
  const { pageContent } = await reader('rst').read(readRequest(rst))
  expect(pageContent).toContain('```console\n\n   # not a title\n   $ make\n```\n')
})

test('a table of reStructuredText is no title', async () => {
  const table = '=====  =====\nA      B\n=====  =====\n1      2\n=====  =====\n'
  const { pageContent } = await reader('rst').read(readRequest(table))
  expect(pageContent).toBe(table)
})

test('headlines of Org are headings without state, priority and tags; keywords are metadata', async () => {
  const org =
    '#+TITLE: Plan\n#+author: Ada\n# a comment\n* TODO [#A] First :work:\n:PROPERTIES:\n:ID: 1\n:END:\ntext\n** Second\n#+begin_src sh\n# echo\n* x\n#+end_src\n'
  const { pageContent, metadata } = await reader('org').read(readRequest(org))
  expect(pageContent).toBe('\n\n\n# First\n\n\n\ntext\n## Second\n```sh\n# echo\n* x\n```\n')
  expect(metadata).toEqual({ title: 'Plan', author: 'Ada' })
})

test('LaTeX loses its preamble, comments and styles; sections are headings, verbatim is code', async () => {
  const tex = String.raw`\documentclass{article}
\title{On \emph{Mills}}\author{Ada}
\begin{document}
\maketitle
\section{Stones} % hard
Grain is \textbf{ground \emph{fine}}, 100\% of it. % note
\begin{itemize}
\item one
\end{itemize}
\begin{verbatim}
% kept \textbf{x}
\end{verbatim}
\subsection*{Wear}
\end{document}
`
  const { pageContent, metadata } = await reader('tex').read(readRequest(tex))
  expect(pageContent.split('\n').filter((line) => line.trim() !== '')).toEqual([
    '## Stones',
    'Grain is ground fine, 100% of it.',
    '- one',
    '```',
    String.raw`% kept \textbf{x}`,
    '```',
    '### Wear',
  ])
  expect(metadata).toEqual({ title: 'On Mills', author: 'Ada' })
})

test('a title and headings of LaTeX may be broken into lines, hold labels and links, and stand in a comment', async () => {
  const { pageContent, metadata } = await reader('tex').read(
    readRequest(
      [
        String.raw`%\title{A template}`,
        String.raw`\title{On Mills%`,
        String.raw`  \label{mills}}`,
        String.raw`\author{Ada\thanks{Of London}}`,
        String.raw`\section{Stones and`,
        String.raw`  wheels%`,
        String.raw`  \label{stones}%`,
        String.raw`}`,
        String.raw`See \href{https://example.org/a\#b}{the \emph{page}}.`,
        String.raw`\section{never closed`,
        'kept',
      ].join('\n'),
    ),
  )
  expect(pageContent.split('\n').map((line) => line.trim())).toEqual([
    '',
    '',
    '',
    '',
    '## Stones and wheels',
    '',
    '',
    '',
    'See the page.',
    String.raw`\section{never closed`,
    'kept',
  ])
  expect(metadata).toEqual({ title: 'On Mills', author: 'Ada' })
})

test('a date that version control wrote into a field of reStructuredText is the date alone', async () => {
  const { metadata } = await reader('rst').read(readRequest(':Date: $Date: 2022-04-02 $\n\nTitle\n=====\n'))
  expect(metadata).toEqual({ date: '2022-04-02', title: 'Title' })
})

test.each(markupReaders.map(({ name }) => name))('%s keeps the number of lines, whatever the text', async (name) => {
  const line = fc.oneof(
    fc.constantFrom(
      '====',
      '----',
      'Title',
      '',
      '   x',
      '.. code-block:: js',
      '#+begin_src',
      '#+end_src',
      ':PROPERTIES:',
      ':END:',
    ),
    fc.constantFrom(
      String.raw`\begin{document}`,
      String.raw`\begin{verbatim}`,
      String.raw`\section{A}`,
      '* One',
      '# c',
      '%',
    ),
    fc.string().map((text) => text.replaceAll(/[\r\n\0]/g, ' ').toWellFormed()),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(line), async (lines) => {
      const text = `x${lines.join('\n')}`
      const { pageContent } = await reader(name).read(readRequest(text))
      expect(pageContent.split('\n')).toHaveLength(text.split('\n').length)
    }),
  )
})
