import { nodeProblem } from '../supported-node.ts'
import type { Check } from './check.ts'

/** What runs this program. */
export interface NodeFacts {
  /** As `process.versions.node`. */
  readonly version: string
  readonly platform: string
  readonly architecture: string
  /** Processors that this process may use. */
  readonly processors: number
  /** `UV_THREADPOOL_SIZE`, if it is set. */
  readonly threadPoolSize: string | undefined
  /** What it should be. */
  readonly recommendedPoolSize: number
  /** Texts that are embedded at a time, if it is configured. */
  readonly concurrency: number | undefined
}

/** Whether this version of Node is one that the packages support. */
export function checkNode({ version, platform, architecture }: NodeFacts): Check {
  const problem = nodeProblem(version)
  if (problem !== undefined) return { name: 'node', level: 'fail', message: problem.message, fix: problem.hint }
  return { name: 'node', level: 'ok', message: `Node ${version} on ${platform} ${architecture}` }
}

/** Whether there are threads enough for what is configured. */
export function checkThreads(facts: NodeFacts): Check {
  const { processors, threadPoolSize, recommendedPoolSize, concurrency } = facts
  const name = 'threads'
  if (threadPoolSize !== undefined && Number(threadPoolSize) < recommendedPoolSize) {
    return {
      name,
      level: 'warn',
      message: `UV_THREADPOOL_SIZE is ${threadPoolSize}: embedding on ${processors} processors wants ${recommendedPoolSize}`,
      fix: 'unset UV_THREADPOOL_SIZE',
    }
  }
  if (concurrency !== undefined && concurrency > processors) {
    return {
      name,
      level: 'warn',
      message: `embedding.concurrency is ${concurrency}, and there are ${processors} processors: the texts wait for each other`,
      fix: 'Take embedding.concurrency out of the configuration.',
    }
  }
  return {
    name,
    level: 'ok',
    message: `${processors} processors, ${recommendedPoolSize} threads for embedding and files`,
  }
}
