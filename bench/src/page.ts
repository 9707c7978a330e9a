/** Writes docs/benchmarks.md and its pictures from the recorded results alone. Run: pnpm --filter @quern/bench page */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatePage } from './page/generate-page.ts'
import { readResults } from './results/read-results.ts'
import { resultsFolder } from './results/record-result.ts'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

for (const [path, content] of generatePage(await readResults(resultsFolder))) {
  await mkdir(dirname(join(docs, path)), { recursive: true })
  await writeFile(join(docs, path), content)
  console.log(`docs/${path}`)
}
