/**
 * Object storage on this machine, and instances whose role decides what they may do there: what the role's policies say stands in the
 * engine's configuration, its key is in the engine's memory only, and both follow what is changed.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { engineControl } from '../../engines/starrocks/src/process/control-client.ts'
import type { EngineConfiguration } from '../../engines/starrocks/src/process/configuration.ts'
import type { ClusterStatus } from '../../src/domain/cluster/status.ts'
import { startedFor, signalGroup } from '../../src/substrate/local/pid-file.ts'
import { s3Request } from '../../src/kernel/s3.ts'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { enginesOf, kill, localDataDirectory } from '../support/engine/local-instances.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import { skipWithoutObjectStore } from '../support/engine/object-store.ts'
import { cleanUp } from '../support/process/clean-up.ts'

const skip = skipWithout('httpfs') || skipWithoutObjectStore()
const ACCOUNT = '1000000000000001'
const GROUP = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
const TRUST = JSON.stringify({
  Version: '1',
  Statement: [
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: ['starrocks.aliyuncs.com'] },
    },
  ],
})

function policyText(...statements: readonly [string, string | readonly string[]][]): string {
  const Statement = statements.map(([Resource, Action]) => ({ Effect: 'Allow', Resource, Action }))
  return JSON.stringify({ Version: '1', Statement })
}

function stage(t: TestContext) {
  const dataDir = localDataDirectory(t)
  const run = join(dataDir, 'object-store/run')
  cleanUp(t, () => {
    for (const record of startedFor(run)) signalGroup(record, 'SIGKILL')
  })
  const environmentFile = join(dataDir, '..', `environment-${process.pid}.yaml`)
  writeFileSync(
    environmentFile,
    'alibaba:\n  object-storage: { endpoint: local }\n  buckets: [{ id: lake }, { id: gone, absent: true }]\n',
  )
  const config = {
    environmentFile,
    substrates: { default: 'simulation', starrocks: 'local' },
    local: { threadsPerCpu: 0.125, memoryMibPerCpu: 64, advertisedHost: '', keepRunning: true },
    engines: { cache, pythonIndex: '', mavenRepository: '' },
  }
  const engineOf = (id: string) => {
    const directory = join(dataDir, 'local', id, 'engine')
    return {
      configuration: () =>
        JSON.parse(readFileSync(join(directory, 'engine.json'), 'utf8')) as EngineConfiguration,
      health: () => engineControl(directory).health(),
      writtenMs: () => statSync(join(directory, 'engine.json')).mtimeMs,
    }
  }
  return { cloud: { dataDir, config }, engineOf, stores: () => startedFor(run) }
}

const LOOKS_MAX = 1_800

async function until<T>(look: () => Promise<T> | T, wanted: (found: T) => boolean): Promise<T> {
  for (let looks = 0; ; looks++) {
    const found = await look()
    if (wanted(found)) return found
    assert.ok(looks < LOOKS_MAX, `it never came about: ${JSON.stringify(found)}`)
    await pause(50)
  }
}

test(
  'an engine may do in object storage what the role of its instance may, now and after every change, and after kill -9 of all',
  { skip },
  async (t) => {
    const { cloud: options, engineOf, stores } = stage(t)
    const first = await startCloud(t, options)
    const role = { account: ACCOUNT, name: 'reader' }
    const policy = { account: ACCOUNT, name: 'lake' }
    const reading = policyText(['acs:oss:*:*:lake/in/*', 'oss:GetObject'])
    await first.identity.policies.add({ ...policy, text: reading })
    await first.identity.roles.add({ ...role, kind: 'normal', trust: TRUST })
    await first.identity.roles.attach({ ...role, policy: 'lake' })
    await first.close()

    const instance = await startInstance(t, {
      body: {
        RunMode: 'shared_nothing',
        FrontendNodeGroups: [GROUP],
        BackendNodeGroups: [GROUP],
        OssAccessingRoleName: 'reader',
      },
      cloud: options,
    })
    const { cloud } = instance
    const engine = engineOf(instance.id)
    const { objectStorage, modules } = engine.configuration()
    assert.ok(objectStorage)
    assert.deepEqual(objectStorage.prefixes, [{ name: 'oss://lake/in/', rights: ['read'] }])
    assert.deepEqual(modules, ['httpfs'])
    const hasKey = () => engine.health().then(({ objectStorageKey }) => objectStorageKey === true)
    await until(hasKey, Boolean)

    // The key opens the store, and lies nowhere in the clear.
    const key = await cloud.objectStorage.keyOf(await instance.document())
    const listed = await s3Request(
      { ...objectStorage, ...key },
      { method: 'GET', path: '/' },
      new Date(),
    )
    assert.match(String(listed.body), /<Name>lake<\/Name>/)
    assert.doesNotMatch(String(listed.body), /gone/)
    assert.deepEqual(placesWith(options.dataDir, key.secret), [])

    // Quiet: nothing is written. The watch looks every 15 seconds, by the clock that moves here: an engine that a loaded machine
    // keeps from answering at once has then been silent for as long, and is written down as such.
    const before = engine.writtenMs()
    const isQuiet = async () => {
      await until(() => statusOf(instance), isRunning)
      const status = await statusOf(instance)
      await lookAgain(cloud)
      assert.equal(engine.writtenMs(), before)
      return isDeepStrictEqual(await statusOf(instance), status)
    }
    await until(isQuiet, Boolean)

    // Another policy: while it runs, without a restart.
    const [running] = enginesOf(options.dataDir)
    const writing = policyText(
      ['acs:oss:*:*:lake/in/*', ['oss:GetObject', 'oss:PutObject']],
      ['acs:oss:*:*:lake', 'oss:ListObjects'],
    )
    await cloud.identity.policies.replace({ ...policy, text: writing })
    await lookAgain(cloud)
    const names = () => engine.configuration().objectStorage?.prefixes
    await until(names, (found) => JSON.stringify(found).includes('write'))
    assert.deepEqual(names(), [
      { name: 'oss://lake/in/', rights: ['read', 'write', 'list'] },
      { name: 'oss://lake/', rights: ['list'] },
    ])
    assert.deepEqual(enginesOf(options.dataDir), [running])

    // A role that may nothing any more.
    await cloud.identity.roles.detach({ ...role, policy: 'lake' })
    await lookAgain(cloud)
    await until(names, (found) => found?.length === 0)
    await untilRunning(instance)
    await cloud.identity.roles.attach({ ...role, policy: 'lake' })
    await lookAgain(cloud)
    await until(names, (found) => found?.length === 2)

    // Everything dies but this process; the engine gets its key again, the store its address.
    const [store] = stores()
    kill(store!.pid)
    kill(running!.pid)
    await until(
      () => enginesOf(options.dataDir),
      (found) => found.length === 1 && found[0]!.pid !== running!.pid,
    )
    await until(() => hasKey().catch(() => false), Boolean)
    const again = await until(stores, (found) => found.length === 1 && found[0]!.pid !== store!.pid)
    assert.equal(again.length, 1)
    assert.equal(engine.configuration().objectStorage?.endpoint, objectStorage.endpoint)
    await untilRunning(instance)
  },
)

async function lookAgain(cloud: Awaited<ReturnType<typeof startCloud>>): Promise<void> {
  cloud.clock.advance(20_000)
  await pause(200)
  await cloud.loop.drain()
}

async function statusOf({ document }: { document(): Promise<{ status: ClusterStatus }> }) {
  return (await document()).status
}

function isRunning({ state }: ClusterStatus): boolean {
  return state === 'running'
}

function placesWith(directory: string, text: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const found = statSync(join(directory, name), { throwIfNoEntry: false })
    return found?.isFile() && readFileSync(join(directory, name), 'latin1').includes(text)
  })
}
