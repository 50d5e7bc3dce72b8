import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { ConfigurationError } from '../../src/process/configuration.ts'
import { lakeModuleFiles, moduleFiles } from '../../src/process/module-file.ts'
import { testDirectory } from '../support/open-engine.ts'

test('modules are found in any of the folders; those of tables in object storage may be absent', async (t) => {
  const directory = await testDirectory(t)
  const folders = ['a', 'b'].map((name) => join(directory, name))
  const file = (at: number, name: string) => join(folders[at] ?? '', `${name}.duckdb_extension`)
  for (const folder of folders) mkdirSync(folder)
  for (const path of [file(0, 'httpfs'), file(1, 'iceberg')]) writeFileSync(path, '')
  const given = ['/nowhere', ...folders].join(delimiter)
  assert.deepEqual(moduleFiles(['iceberg', 'httpfs'], given), [
    file(1, 'iceberg'),
    file(0, 'httpfs'),
  ])
  assert.throws(() => moduleFiles(['avro'], given), ConfigurationError)
  assert.deepEqual(lakeModuleFiles(given), [file(1, 'iceberg')])
  assert.deepEqual(lakeModuleFiles(''), [])
})
