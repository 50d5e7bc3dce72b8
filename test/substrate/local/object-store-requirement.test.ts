import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { sealer } from '../../../src/kernel/seal.ts'
import { objectStoreLock } from '../../../src/substrate/local/lock.ts'
import { cachedModules } from '../../../src/substrate/local/module.ts'
import { objectStore, type ObjectStoreOptions } from '../../../src/substrate/local/object-store.ts'
import { cleanUp } from '../../support/process/clean-up.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

test('what it lacks is said with what to do, and nothing is started', async (t) => {
  const directory = join(temporaryDirectory(t), 'store')
  const open = (more: Pick<ObjectStoreOptions, 'modules' | 'env'>) => {
    const store = objectStore({
      directory,
      sealer: sealer(Buffer.alloc(32, 7)),
      clock: systemClock(),
      log: silentLogger(),
      ...more,
    })
    cleanUp(t, () => store.close())
    return store
  }
  const empty = cachedModules(temporaryDirectory(t), objectStoreLock)
  const sentence =
    /^the module s3proxy is not on this machine; `emrys engines fetch s3proxy` brings it$/
  const store = open({ modules: empty })
  assert.match((await store.unmet()) ?? '', sentence)
  await assert.rejects(store.open(['one']), { message: sentence })
  const there = { folder: () => '/nowhere', file: () => '/nowhere/a', unmet: () => undefined }
  const without = open({ modules: there, env: { PATH: '/nowhere' } })
  assert.match((await without.unmet()) ?? '', /needs Java 17 or newer.*there is none$/)
  await assert.rejects(without.open(['one']), /needs Java 17 or newer/)
  assert.equal(existsSync(join(directory, 'process.json')), false)
})
