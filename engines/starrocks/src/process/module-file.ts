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
    const found = findModule(name, folders)
    if (found !== undefined) return found
    throw new ConfigurationError(`the module ${name} is in no folder that ${moduleFolders} names`)
  })
}

/** What reads tables in object storage. An engine works without it, and refuses the statements that need it. */
const LAKE_MODULES = ['avro', 'iceberg']

/** Those that are there. */
export function lakeModuleFiles(folders = ''): readonly string[] {
  return LAKE_MODULES.map((name) => findModule(name, folders)).filter((path) => path !== undefined)
}

function findModule(name: string, folders: string): string | undefined {
  const places = folders.split(delimiter).filter(Boolean)
  return places
    .map((folder) => join(folder, `${name}.duckdb_extension`))
    .find((path) => existsSync(path))
}
