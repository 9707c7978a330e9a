import fc from 'fast-check'
import { seed } from './effort.ts'

// Properties begin from it, too; a failure prints it.
fc.configureGlobal({ seed })
