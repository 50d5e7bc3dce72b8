/** What every catalogue owes its data files: a schema each, kept by all of it. Both dialects' tests call this. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'

export type ReadFile = (name: string) => unknown

/** `files` are the schemas by the name of the file in `folder`. Returns how a file is read, for tests of its own. */
export function catalogueSchemas(folder: URL, files: Readonly<Record<string, TSchema>>): ReadFile {
  const read: ReadFile = (name) =>
    JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown

  test('every data file of the catalogue has a schema', () => {
    const found = readdirSync(folder).filter((name) => name.endsWith('.json'))
    assert.deepEqual(found.sort(), Object.keys(files).sort())
  })

  for (const [name, shape] of Object.entries(files)) {
    test(`${name} has the form that its schema states`, () => {
      assert.deepEqual(Value.Errors(shape, read(name)).slice(0, 3), [])
    })
  }
  return read
}
