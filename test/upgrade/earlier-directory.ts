/**
 * Data directories of earlier versions, recreated for a test from what stands beside this file: the databases as SQL text, and the
 * small files as JSON. `schema-0003` was written by the last version that stored marks, scopes and unversioned documents: clusters
 * of both clouds in most states, with what belongs to them, at rest, under way, and with steps that a killed server had leased.
 * A fixture is never changed: it stands for directories that are out there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { temporaryDirectory } from '../support/process/directory.ts'

export interface EarlierDirectory {
  readonly path: string
  /** Service time when the server was ended. */
  readonly nowMs: number
  /** The access key of a user who may describe. */
  readonly userKey: { readonly keyId: string; readonly secret: string }
}

interface DirectoryFile extends Omit<EarlierDirectory, 'path'> {
  /** Hexadecimal. */
  readonly key: string
  readonly keyCheck: string
}

export function earlierDirectory(t: TestContext, name: 'schema-0003'): EarlierDirectory {
  const from = join(import.meta.dirname, name)
  const path = temporaryDirectory(t)
  const text = (file: string) => readFileSync(join(from, file), 'utf8')
  const { key, keyCheck, ...rest } = JSON.parse(text('directory.json')) as DirectoryFile
  writeFileSync(join(path, 'key'), Buffer.from(key, 'hex'))
  writeFileSync(join(path, 'key-check'), keyCheck)
  for (const database of ['emrys', 'simulation']) {
    const made = new DatabaseSync(join(path, `${database}.db`))
    made.exec(text(`${database}.sql`))
    made.close()
  }
  return { path, ...rest }
}
