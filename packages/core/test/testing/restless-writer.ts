import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workerData } from 'node:worker_threads'

// A thread that raises a number in two files, `a` first, each by a rename, and rests for a while after both.

const [folder, signal] = workerData as [string, Int32Array]

for (let number = 1; Atomics.load(signal, 0) === 0; number++) {
  for (const name of ['a', join('below', 'b')]) {
    writeFileSync(join(folder, `${name}.tmp`), String(number))
    renameSync(join(folder, `${name}.tmp`), join(folder, name))
  }
  Atomics.store(signal, 1, number)
  Atomics.wait(signal, 0, 0, 50 * Math.random())
}
