/** The key of COSSettings is tried, where something keeps the objects of the cloud's buckets. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'
import { flowOf, madeCluster } from '../support/fixture/emr-job.ts'
import { ask, create, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import { objectStoreServer, skipWithoutObjectStore } from '../support/engine/object-store.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const skip = skipWithout('httpfs') || skipWithoutObjectStore()

async function stage(t: TestContext, endpoint: string) {
  const directory = temporaryDirectory(t)
  const keyFile = join(directory, 'keys')
  writeFileSync(keyFile, 'id\nsecret\n', { mode: 0o600 })
  const environmentFile = join(directory, 'environment.yaml')
  writeFileSync(
    environmentFile,
    `tencent:\n  object-storage: { endpoint: "${endpoint}", key-file: ${keyFile} }\n  buckets: [{ id: logs-1 }]\n`,
  )
  const engines = { cache, pythonIndex: '', mavenRepository: '' }
  const cloud = await startCloud(t, { config: { environmentFile, engines } })
  const refusal = async (COSSettings: object) => {
    const { code, message } = await ask(
      cloud,
      'CreateInstance',
      sampleCreateRequest({ COSSettings }),
    )
    return `${code}: ${message}`
  }
  return { cloud, refusal }
}

test(
  'a key that the storage does not take is refused, and one that it takes is not',
  { skip },
  async (t) => {
    const store = await objectStoreServer(t, ['logs-1'])
    const { cloud, refusal } = await stage(t, store.endpoint)
    const right = { CosSecretId: store.keyId, CosSecretKey: store.secret }
    const wrong = { ...right, CosSecretKey: 'another-secret' }
    const LogOnCosPath = 'cosn://logs-1/emr'
    for (const settings of [wrong, { ...wrong, LogOnCosPath }, { ...right, CosSecretId: 'nobody' }])
      assert.match(
        await refusal(settings),
        /^InvalidParameterValue: .*COSSettings\.CosSecretKey.*object storage must accept it/,
      )
    assert.doesNotMatch(await refusal(wrong), /another-secret/)
    assert.match(
      await refusal({ ...right, LogOnCosPath: 'cosn://logs-2/emr' }),
      /^InvalidParameterValue: .*bucket `logs-2`.*COSSettings\.LogOnCosPath.* does not exist/,
    )
    assert.match(
      await refusal({ ...right, LogOnCosPath: 'cosn://../emr' }),
      /^InvalidParameterValue: .*bucket `\.\.`/,
    )
    await create(cloud, { COSSettings: { ...right, LogOnCosPath } })
    await create(cloud, { COSSettings: right, InstanceName: 'another-one' })
  },
)

test('where the storage does not answer, it is said to try again', { skip }, async (t) => {
  const { refusal } = await stage(t, 'http://127.0.0.1:1')
  assert.match(
    await refusal({ CosSecretId: 'id', CosSecretKey: 'secret' }),
    /^ServiceUnavailable: .*object storage/,
  )
})

test(
  'logs of a cluster that is made for its jobs go to a declared bucket alone',
  { skip },
  async (t) => {
    const { cloud } = await stage(t, 'http://127.0.0.1:1')
    const run = async (LogUri: string) => {
      const steps = [
        {
          Name: 'pi',
          ExecutionStep: { JobType: 'MR', Args: ['hadoop-mapreduce-examples.jar', 'pi', '1', '1'] },
          ActionOnFailure: 'CONTINUE',
        },
      ]
      const { code, message } = await ask(cloud, 'RunJobFlow', {
        ...flowOf(steps),
        ...madeCluster({ LogUri }),
      })
      return `${code}: ${message}`
    }
    assert.match(await run('cosn://logs-2/flow'), /^InvalidParameter: .*LogUri.*declares/)
    assert.equal(await run('cosn://logs-1//flow/x/'), ': ')
    const { rows } = await cloud.store.read((tx) =>
      tx.list('cluster', { account: undefined, order: 'oldest', limit: 9, offset: 0 }),
    )
    const [{ document }] = rows as [(typeof rows)[0]]
    assert.deepEqual(document.spec.logs, { bucket: 'logs-1', prefix: 'flow/x/' })
    assert.ok(await cloud.store.read((tx) => tx.findById('logDelivery', document.id)))
  },
)
