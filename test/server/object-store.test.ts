import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { s3Request } from '../../src/kernel/s3.ts'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import { objectStoreServer, skipWithoutObjectStore } from '../support/engine/object-store.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const engines = { cache, pythonIndex: '', mavenRepository: '' }

function environment(t: TestContext, member: string): string {
  const file = join(temporaryDirectory(t), 'environment.yaml')
  writeFileSync(file, `alibaba:\n  object-storage: ${member}\n  buckets: [{ id: lake }]\n`)
  return file
}

test(
  'the user’s own store is asked with the keys of a file, which is read each time and must be nobody else’s',
  { skip: skipWithout('httpfs') || skipWithoutObjectStore() },
  async (t) => {
    const own = await objectStoreServer(t, ['lake'])
    const keyFile = join(temporaryDirectory(t), 'keys')
    writeFileSync(keyFile, `${own.keyId}\n${own.secret}\n`, { mode: 0o600 })
    const member = `{ endpoint: "${own.endpoint}", key-file: ${keyFile} }`
    const config = { environmentFile: environment(t, member), engines }
    const { cloud, document } = await startInstance(t, { cloud: { config } })
    const cluster = await document()
    const found = await cloud.objectStorage.of(cluster)
    assert.equal(found?.endpoint, own.endpoint)
    assert.deepEqual(
      found?.prefixes,
      [
        { name: 'oss://lake/', rights: ['read', 'write', 'list'] },
        { name: 'oss://emrys-data/', rights: ['read', 'write', 'list'] },
      ].toSorted((one, other) => other.name.length - one.name.length),
    )
    assert.equal(found?.volume, undefined, 'nobody said where')
    const key = await cloud.objectStorage.keyOf(cluster)
    const access = { ...own, ...key }
    const { status } = await s3Request(access, { method: 'GET', path: '/lake' }, new Date())
    assert.equal(status, 200)
    writeFileSync(keyFile, 'another\nhidden\n')
    assert.deepEqual(await cloud.objectStorage.keyOf(cluster), {
      keyId: 'another',
      secret: 'hidden',
    })
    chmodSync(keyFile, 0o644)
    await assert.rejects(
      cloud.objectStorage.of(cluster),
      /can be read by others; its mode must be 0600$/,
    )
    chmodSync(keyFile, 0o600)
    writeFileSync(keyFile, 'hidden\n')
    await assert.rejects(
      cloud.objectStorage.keyOf(cluster),
      (problem: Error) => /has not an id/.test(problem.message) && !/hidden/.test(problem.message),
    )
  },
)

test(
  'a role that is not there, or does not trust the service, may do nothing',
  { skip: skipWithout('httpfs') },
  async (t) => {
    const keyFile = join(temporaryDirectory(t), 'keys')
    writeFileSync(keyFile, 'id\nsecret\n', { mode: 0o600 })
    const member = `{ endpoint: "http://127.0.0.1:1", key-file: ${keyFile} }`
    const config = { environmentFile: environment(t, member), engines }
    const { cloud, document } = await startInstance(t, {
      body: { OssAccessingRoleName: 'stranger' },
      cloud: { config },
    })
    const cluster = await document()
    const prefixes = async () => (await cloud.objectStorage.of(cluster))?.prefixes
    assert.deepEqual(await prefixes(), [])
    const stranger = { account: cluster.account, name: 'stranger' }
    await cloud.identity.roles.add({ ...stranger, kind: 'normal' })
    await cloud.identity.roles.attach({
      ...stranger,
      policy: 'AliyunEMRStarRocksAccessingOSSRolePolicy',
    })
    assert.deepEqual(await prefixes(), [])
  },
)
