import type { Command } from 'commander'
import { collect, isoDate, shard } from './command-help.ts'

/** Adds the options by which files are chosen and compared. */
export function addSelection(command: Command): Command {
  return command
    .argument('[paths...]', 'files and folders; default: the sources of the configuration file')
    .option('--include <glob>', 'index only files that match (repeatable)', collect)
    .option('--exclude <glob>', 'leave out what matches (repeatable)', collect)
    .option('--no-ignore', 'do not honour .gitignore and .indexignore')
    .option('--checksum', 'compare contents, not sizes and times')
    .option('--no-delete', 'keep what is indexed of files that are gone')
    .option('--delete-excluded', 'delete what is indexed of files that globs and ignore files leave out now')
    .option('--shard <i/n>', 'only the i-th of n equal parts of the sources, for several processes', shard)
}

/** Adds the options by which known texts are embedded anew. */
export function addRefreshing(command: Command): Command {
  return command
    .option(
      '--refresh-before <date>',
      'embed anew what was embedded before this ISO date, for instance 2026-11-01',
      isoDate,
    )
    .option('--rebuild', 'load, split and embed everything anew; the store is read as it is meanwhile')
}
