import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The repository. */
export const root = join(import.meta.dirname, '..', '..')

/** Every page that was written for this repository, by its path in it: not the documents that tests index. */
export async function pages(): Promise<string[]> {
  const patterns = ['*.md', ':!test-fixtures/*/**', ':!examples/*/pages/**', ':!.changeset', ':!**/CHANGELOG.md']
  const { stdout } = await promisify(execFile)(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', ...patterns],
    { cwd: root },
  )
  return stdout.trimEnd().split('\n')
}
