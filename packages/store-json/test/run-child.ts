import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { NodeResult, RunNodeOptions } from '@quern/test-fixtures'
import { runNode } from '@quern/test-fixtures'

/** Where Node keeps compiled code: without it most of the time of a child would go into compiling. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))

/** Runs a script of this folder in a process of its own. */
export function runChild(
  script: string,
  args: readonly string[],
  options: Pick<RunNodeOptions, 'signal'> = {},
): Promise<NodeResult> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  return runNode([path, ...args], { ...options, env: { ...env, NODE_COMPILE_CACHE: compiled } })
}
