import { describe, expect, test } from 'vitest'
import type { ClassicFigures } from '../../src/classic/classic-figures.ts'
import { judgeClassic } from '../../src/classic/classic-figures.ts'
import { renderClassic } from '../../src/page/render-classic.ts'
import { wasBusy } from '../../src/results/recorded-result.ts'
import { roundFigures } from '../../src/results/round-figures.ts'

const record = {
  name: 'classic',
  command: 'pnpm --filter @quern/bench classic',
  date: '2026-11-30',
  machine: 'a machine',
  processors: 2,
  loadBefore: 0.1,
  loadAfter: 2,
  minutes: 3,
  quick: false,
}
const way = {
  firstRun: 2,
  loadModel: 0.5,
  embed: 1,
  save: 0.5,
  textsPerSecond: 100,
  bytesPerDocument: 10,
  load: 0.1,
  addNew: 1,
  addNewWithModel: 1.5,
  embeddedAgain: 10,
}
const figures: ClassicFigures = {
  model: 'model.gguf',
  modelBytes: 1,
  small: 100,
  large: 1000,
  added: 10,
  tokensInDocument: 90,
  rounds: 5,
  anew: { naive: 200, quern: 50 },
  naive: {
    ...way,
    save: 0.1,
    firstRun: 20,
    loadModel: 1,
    embed: 10,
    bytesPerDocument: 20,
    load: 1,
    addNew: 10,
    addNewWithModel: 11,
  },
  quern: way,
}

describe('the part on the classic example', () => {
  test('tells what is behind, and what is missed', () => {
    expect(judgeClassic(figures)).toEqual({
      behind: ['saving'],
      loadAgainstAnew: 500,
      addAgainstAnew: 50.5,
      addAgainstAnewWithModel: 51 / 1.5,
      addAgainstNaiveAnew: 202,
    })
    const text = renderClassic({ ...record, figures })
    expect(text).toContain('| ahead in every row | behind in: saving | **missed** |')
    expect(text).toContain('| 500× | met |')
    expect(text).toContain('1,010 anew in the naive way | 202× | met |')
    expect(text).toContain('| 51×; 34× with loading the model in both | **missed** |')
  })

  test('says when the machine was busy, and when it was quick', () => {
    expect(renderClassic({ ...record, figures })).not.toMatch(/busy|--quick/)
    expect(renderClassic({ ...record, loadBefore: 4, figures })).toContain('busy with other work')
    expect(renderClassic({ ...record, quick: true, figures })).toContain('--quick')
    expect(wasBusy({ ...record, loadBefore: 1.1, figures })).toBe(true)
  })
})

test('figures are rounded to four digits, whole ones left alone', () => {
  expect(roundFigures({ a: 0.123456, b: [123456, 1234.56], c: 'text' })).toEqual({
    a: 0.1235,
    b: [123456, 1235],
    c: 'text',
  })
})
