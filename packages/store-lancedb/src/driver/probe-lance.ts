import { loadDriver } from './lance-driver.ts'

/** Loads LanceDB, and says which it is. Rejects with its own error where its native module is missing for this system. */
export async function probeLance(): Promise<string> {
  const { lance } = await loadDriver()
  const { connect } = lance
  const database = await connect('memory://')
  database.close()
  return '@lancedb/lancedb'
}
