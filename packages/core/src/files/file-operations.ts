/** A file that is being written for the first time. */
export interface NewFile {
  /** Writes all of `data` at the end of the file. */
  write(data: Uint8Array): Promise<void>
  /** Resolves when everything written is on the disk itself, so that it outlives a loss of power. */
  sync(): Promise<void>
  /** Closes the file; nothing can be written afterwards. */
  close(): Promise<void>
}

/**
 * Everything by which a store changes its folder. A collaborator rather than plain calls, so that a test can end a store between
 * any two of them and look at what is left.
 */
export interface FileOperations {
  /** Makes a folder with those above it. One that exists already is no error. Rejects with `STORE_WRITE_FAILED`. */
  makeFolder(path: string): Promise<void>
  /** Makes a file; rejects with the system error `EEXIST` when there is one. */
  createFile(path: string): Promise<NewFile>
  /** Gives a file another name in one step, in place of the file that had it. */
  rename(from: string, to: string): Promise<void>
  /** Removes a file. One that does not exist is no error. */
  remove(path: string): Promise<void>
  /** Resolves when the names of the files in a folder are on the disk itself. See `syncFolder`. */
  syncFolder(path: string): Promise<void>
}
