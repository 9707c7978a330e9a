import { execFileSync } from 'node:child_process'

/** Makes a FIFO, which Node itself cannot. */
export function makeFifo(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', path])
}
