import { mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What is done to a store while it is killed. */
export interface Scenario {
  /** What a person does to the folder before it. */
  readonly change: (folder: string) => Promise<void>
  /** `index`: the folder is indexed. `reembed`: the store gets vectors of another model. */
  readonly job: 'index' | 'reembed'
  /** Whether there is a store before. */
  readonly hasStore: boolean
  /** Sources that the job cannot read, and that keep what is stored of them. */
  readonly failed: number
}

function paragraphs(name: string, count: number): string {
  return Array.from(
    { length: count },
    (_, i) =>
      `# ${name} part ${i}\n\nWhat ${name} says in part ${i} of ${count}, told with a few more words, which are the same in every part and every file, so that a part fills a chunk.\n`,
  ).join('\n')
}

function notebook(text: string): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [{ cell_type: 'markdown', id: 'a', metadata: {}, source: [text] }],
  })
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
}

/** Writes the folder as it is at first. */
export async function writeCorpus(folder: string): Promise<void> {
  await writeFiles(folder, {
    'a.md': paragraphs('anvil', 9),
    'b.txt': paragraphs('bellows', 4),
    'c.md': paragraphs('crucible', 10),
    'd.md': '',
    'e.md': paragraphs('ember', 3),
    'g.ipynb': notebook('A notebook that tells of grinding grain by hand.'),
    'h.md': paragraphs('hammer', 2),
    'i.md': paragraphs('iron', 2),
    'j.md': paragraphs('jig', 2),
    'k.md': paragraphs('kiln', 2),
  })
}

const nothing = async (): Promise<void> => {}

/** The four kinds of work that a store must outlive being killed in. */
export const scenarios = {
  'first run': { change: nothing, job: 'index', hasStore: false, failed: 0 },
  change: {
    // An edit, an addition, a move, a deletion, a file that can be read no more, and one that is merely touched.
    change: async (folder) => {
      await writeFiles(folder, {
        'a.md': paragraphs('anvil', 9).replace('part 3 of 9', 'part three of nine'),
        'd.md': paragraphs('draught', 5),
        'f.md': paragraphs('forge', 7),
        'g.ipynb': '{"cells": [',
        'moved.md': paragraphs('crucible', 10),
      })
      await utimes(join(folder, 'h.md'), 1_700_000_000, 1_700_000_000)
      await rm(join(folder, 'b.txt'))
      await rm(join(folder, 'c.md'))
    },
    job: 'index',
    hasStore: true,
    failed: 1,
  },
  delete: {
    change: async (folder) => {
      await utimes(join(folder, 'h.md'), 1_700_000_000, 1_700_000_000)
      for (const name of ['b.txt', 'c.md', 'i.md']) await rm(join(folder, name))
    },
    job: 'index',
    hasStore: true,
    failed: 0,
  },
  migrate: { change: nothing, job: 'reembed', hasStore: true, failed: 0 },
} as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof scenarios

export const scenarioNames = Object.keys(scenarios) as ScenarioName[]
