import { expect, test } from 'vitest'
import { suggestConfig } from '../../src/init/suggest-config.ts'
import type { FolderSurvey } from '../../src/init/survey-folder.ts'

const survey: FolderSurvey = {
  documents: 10,
  bytes: 150_000,
  endings: [{ ending: '.md', documents: 10 }],
  folders: [
    { name: 'wiki', documents: 7 },
    { name: 'docs', documents: 3 },
  ],
  derived: [],
  unsupported: 0,
  cutOff: false,
}

test('the folders with documents are the sources, unless there are very many, or files beside them', () => {
  expect(suggestConfig(survey)).toMatchObject({ sources: ['docs', 'wiki'], exclude: [] })
  const beside = [...survey.folders, { name: '.', documents: 1 }]
  expect(suggestConfig({ ...survey, folders: beside })).toMatchObject({ sources: ['.'], exclude: ['indexer.config.*'] })
  const many = Array.from({ length: 9 }, (_, i) => ({ name: `folder ${i}`, documents: 1 }))
  expect(suggestConfig({ ...survey, folders: many }).sources).toEqual(['.'])
  expect(suggestConfig({ ...survey, documents: 0, folders: [] }).sources).toEqual(['.'])
})

test('what is made from other files is excluded', () => {
  expect(suggestConfig({ ...survey, derived: ['dist', 'vendor'] }).exclude).toEqual(['**/dist/**', '**/vendor/**'])
})

test('the store follows from the estimated number of chunks, of which a PDF gives fewer than a text of its size', () => {
  expect(suggestConfig(survey)).toMatchObject({ estimatedChunks: 100, store: { type: 'json' } })
  expect(suggestConfig({ ...survey, bytes: 1e9 }).store.type).toBe('lancedb')
  const pdfs = { ...survey, bytes: 1e9, endings: [{ ending: '.pdf', documents: 10 }] }
  expect(suggestConfig(pdfs)).toMatchObject({ estimatedChunks: 66_667, store: { type: 'json' } })
})
