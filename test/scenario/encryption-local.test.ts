/**
 * An encrypted instance that really runs on this machine: its key is asked for at every start, so that whoever has the key decides
 * whether it starts; its backups are encrypted as it is, and can be restored after it.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { backedUp, daily, restoreBody } from '../support/fixture/alibaba-backup.ts'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import { askAdmin } from '../support/http/admin.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import {
  ADMIN_PASSWORD,
  enginesOf,
  kill,
  localDataDirectory,
} from '../support/engine/local-instances.ts'

const skip = !existsSync('/proc/self/stat')
  ? 'there is no /proc to see processes in'
  : skipWithout('httpfs')
const NEEDLE = 'Needle81c4'
const KEY = { account: '1000000000000001', region: 'cn-hangzhou', id: 'key-1' }

async function stage(t: TestContext) {
  const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
  const dataDir = localDataDirectory(t)
  const local = {
    threadsPerCpu: 0.125,
    memoryMibPerCpu: 64,
    advertisedHost: '',
    keepRunning: false,
  }
  const instance = await startInstance(t, {
    body: {
      RunMode: 'shared_nothing',
      FrontendNodeGroups: [group],
      BackendNodeGroups: [group],
      Encrypted: true,
      KmsKeyId: 'key-1',
    },
    cloud: {
      dataDir,
      config: {
        substrates: { default: 'simulation', starrocks: 'local' },
        local,
        engines: { cache, pythonIndex: '', mavenRepository: '' },
      },
    },
  })
  const it = backedUp(instance)
  const kms = async (verb: string) => {
    const page = `encryption-keys/${verb}`
    const { status, text } = await askAdmin(it.cloud.port, page, { method: 'POST', body: KEY })
    assert.equal(status, 200, text)
  }
  const described = async (id: string) =>
    (await it.call('DescribeInstances', { query: { InstanceId: id } })).body.Data[0]
  const statusOf = async (id: string) => {
    const found = await it.cloud.store.read((tx) => tx.findById('cluster', id))
    return found!.document.status
  }
  const query = async (id: string, sql: string): Promise<unknown> => {
    const endpoint = (await statusOf(id)).endpoints?.find(({ name }) => name === 'mysql')
    assert.ok(endpoint)
    const { host, port } = endpoint
    const more = { multipleStatements: true, rowsAsArray: true } as const
    const connection = await createConnection({
      host,
      port,
      user: 'admin',
      password: ADMIN_PASSWORD,
      ...more,
    })
    try {
      return (await connection.query(sql))[0]
    } finally {
      connection.destroy()
    }
  }
  const answers = (id: string) =>
    query(id, 'SELECT 1').then(
      () => true,
      () => false,
    )
  const killed = (id: string) => {
    const [engine] = enginesOf(dataDir).filter((each) => each.id === id)
    assert.ok(engine)
    kill(engine.pid)
    return engine.pid
  }
  return { it, dataDir, kms, described, statusOf, query, answers, killed }
}

const LOOKS_MAX = 1200

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    if (await what()) return
    await pause(50)
  }
  throw new Error('it never came about')
}

function filesWith(directory: string, bytes: Buffer): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(directory, name)
    return statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(bytes)
  })
}

test(
  'an encrypted instance starts while its key is enabled, and only then; its backup is restored with the same key',
  { skip },
  async (t) => {
    const { it, dataDir, kms, described, statusOf, query, answers, killed } = await stage(t)
    const { id } = it
    const { Encrypted, KmsKeyId } = await described(id)
    assert.deepEqual({ Encrypted, KmsKeyId }, { Encrypted: true, KmsKeyId: 'key-1' })
    await query(
      id,
      `CREATE DATABASE d; CREATE TABLE d.t (k INT, v VARCHAR(40)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
     INSERT INTO d.t VALUES (1, '${NEEDLE}')`,
    )
    await it.ask('AddBackupPolicy', daily)
    await it.untilDue()
    await until(async () => (await it.backups())[0]?.Status === 'COMPLETED')

    // A process that is killed comes back by itself, with a key that is asked for again.
    const first = killed(id)
    const isBack = () => enginesOf(dataDir).some((each) => each.id === id && each.pid !== first)
    await until(async () => isBack() && (await answers(id)))
    assert.deepEqual(await query(id, 'SELECT v FROM d.t'), [[NEEDLE]])

    // What wraps the key changes, and what runs does not.
    const sealedOf = async () => {
      const stored = await it.cloud.store.read((tx) => tx.findById('cluster', id))
      return stored!.document.secrets['dataKey']
    }
    const [running, sealed] = [enginesOf(dataDir), await sealedOf()]
    await kms('rotate')
    await kms('rotate')
    assert.notEqual(await sealedOf(), sealed)
    assert.deepEqual(enginesOf(dataDir), running)

    await kms('disable')
    assert.deepEqual(await query(id, 'SELECT v FROM d.t'), [[NEEDLE]], 'what runs continues')
    killed(id)
    await until(async () => {
      const { state, reason } = await statusOf(id)
      return state === 'impaired' && reason.includes('key-1 cannot be used: it is disabled')
    })
    assert.deepEqual(enginesOf(dataDir), [])
    await kms('enable')
    await until(async () => (await statusOf(id)).state === 'running' && (await answers(id)))
    assert.deepEqual(await query(id, 'SELECT v FROM d.t'), [[NEEDLE]])

    const [backup] = await it.backups()
    const { body } = await it.call('RestoreInstance', { body: restoreBody(backup.BackupTaskId) })
    const restored = String(body.Data.InstanceId)
    await untilRunning({ describe: () => described(restored) })
    assert.deepEqual(await query(restored, 'SELECT v FROM d.t'), [[NEEDLE]])

    assert.deepEqual(filesWith(join(dataDir, 'local'), Buffer.from(NEEDLE)), [])
    const found = await it.cloud.store.read((tx) => tx.findById('cluster', id))
    const key = await it.cloud.core.encryption.open(found!.document)
    assert.ok(key?.length === 32)
    const texts = ['base64', 'hex'] as const
    const forms = [
      Buffer.from(key),
      ...texts.map((each) => Buffer.from(Buffer.from(key).toString(each))),
    ]
    for (const form of forms) {
      assert.deepEqual(filesWith(dataDir, form), [])
      for (const { pid } of enginesOf(dataDir))
        for (const file of ['cmdline', 'environ'])
          assert.ok(!readFileSync(`/proc/${pid}/${file}`).includes(form))
    }
  },
)
