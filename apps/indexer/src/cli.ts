#!/usr/bin/env node
import module from 'node:module'

// Before any other file of the program is compiled: it is done once, not at each start. Older versions of Node have no such cache.
module.enableCompileCache?.()
const { runProcess } = await import('./run-process.ts')
await runProcess()
