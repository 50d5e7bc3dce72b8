/** Statements of the table that need modules of the engine and a store of objects. */
import { describe, test } from 'node:test'
import { skipWithout } from '../../../test/support/engine/module.ts'
import { skipWithoutObjectStore } from '../../../test/support/engine/object-store.ts'
import { families } from './statement/families.ts'
import { avroFile } from './support/avro.ts'
import { objectClient } from './support/object-client.ts'
import { checkRows } from './support/statement-row.ts'

describe('each statement about files does what the table says', () => {
  for (const { title, rows, modules, isShared } of families) {
    if (!modules) continue
    test(title, { skip: skipWithoutObjectStore() || lacking(modules) }, async (t) => {
      const own = isShared && 'bucket-c'
      const { client, put } = await objectClient(t, modules, undefined, own)
      await put('a.avro', avroFile)
      await checkRows(client, rows)
    })
  }
})

function lacking(modules: readonly string[]): string | false {
  return modules.map(skipWithout).find((why) => why !== false) ?? false
}
