/**
 * Where the modules of DuckDB are that the configuration names: in folders that whoever starts the process gives it, so that another
 * version of the program finds its own.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ConfigurationError, moduleFolders } from './configuration.ts'

/** Throws ConfigurationError for one that is in none of the folders. */
export function moduleFiles(names: readonly string[], folders = ''): readonly string[] {
  return names.map((name) => {
    const places = folders.split(delimiter).filter(Boolean)
    const found = places
      .map((folder) => join(folder, `${name}.duckdb_extension`))
      .find((path) => existsSync(path))
    if (found !== undefined) return found
    throw new ConfigurationError(`the module ${name} is in no folder that ${moduleFolders} names`)
  })
}
