/** Where an engine's object storage is and what of it is its own: by the configuration; its key: by the control socket, and nowhere else. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { cachedModule, skipWithout } from '../../../../test/support/engine/module.ts'
import { ConfigurationError } from '../../src/process/configuration.ts'
import { engineControl } from '../../src/process/control-client.ts'
import {
  engineDirectory,
  healthOf,
  startEngine,
  writeConfiguration,
} from '../support/engine-process.ts'

const MODULES = { EMRYS_ENGINE_MODULES: dirname(cachedModule('httpfs') ?? '') }
const SECRET = 'Needle-of-a-secret-5f3a'
const configured = (bucket: string) => ({
  modules: ['httpfs'],
  objectStorage: {
    endpoint: 'http://127.0.0.1:1',
    region: 'r',
    prefixes: [{ name: `oss://${bucket}/x/`, rights: ['read' as const] }],
  },
})

test(
  'the key comes by the control socket, stays in memory, and has to come again after each start',
  { skip: skipWithout('httpfs') },
  async (t) => {
    const directory = engineDirectory(t, configured('bucket-a'))
    const engine = await startEngine(t, directory, MODULES)
    const control = engineControl(directory)
    const hasKey = async () => (await healthOf(directory)).objectStorageKey
    const sql = "SELECT * FROM FILES('path' = 'oss://bucket-a/x/a.csv', 'format' = 'csv')"
    assert.equal(await hasKey(), false)
    await control.setObjectStorageKey({ keyId: 'id', secret: SECRET })
    assert.equal(await hasKey(), true)
    for (const wrong of [{ keyId: 'id' }, { keyId: 'id', secret: SECRET + '\n' }, [SECRET], 'x'])
      await assert.rejects(control.setObjectStorageKey(wrong as never), (error: unknown) => {
        assert.ok(error instanceof ConfigurationError)
        assert.doesNotMatch(error.message, /Needle/)
        return true
      })
    await assert.rejects(engine.query(sql))
    writeConfiguration(directory, configured('bucket-b'))
    await assert.rejects(control.reload(), /a bucket that is new\) cannot change without a restart/)
    writeConfiguration(directory, {
      ...configured('bucket-a'),
      objectStorage: { ...configured('bucket-a').objectStorage, region: 'other' },
    })
    await control.reload()
    assert.equal(await hasKey(), true)
    await engine.end('SIGKILL')
    for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      const path = join(directory, name)
      if (statSync(path).isFile()) assert.ok(!readFileSync(path).includes('Needle'), name)
    }
    await startEngine(t, directory, MODULES)
    assert.equal(await hasKey(), false)
  },
)

test('an engine without object storage takes no key', async (t) => {
  const directory = engineDirectory(t)
  await startEngine(t, directory, MODULES)
  await assert.rejects(
    engineControl(directory).setObjectStorageKey({ keyId: 'id', secret: SECRET }),
    (error: unknown) =>
      error instanceof ConfigurationError && /has no object storage/.test(error.message),
  )
  assert.equal((await healthOf(directory)).objectStorageKey, undefined)
})
