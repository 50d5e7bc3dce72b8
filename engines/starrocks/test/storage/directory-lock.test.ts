import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { lockDirectory } from '../../src/storage/directory-lock.ts'
import { testDirectory } from '../support/open-engine.ts'

test('a held directory is refused, a released one is not', async (t) => {
  const directory = await testDirectory(t)
  const release = lockDirectory(directory)
  assert.throws(() => lockDirectory(directory), new RegExp(`in use by process ${process.pid}`))
  release()
  lockDirectory(directory)()
})

test('the lock of a process that is gone, or whose id was given out again, is taken over', async (t) => {
  const directory = await testDirectory(t)
  for (const holder of ['999999999 5', `${process.pid} 1`, 'nonsense', '']) {
    writeFileSync(join(directory, 'lock'), holder)
    lockDirectory(directory)()
  }
})
