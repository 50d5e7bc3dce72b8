import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { askAdmin } from '../../../../support/http/admin.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

const script = (name: string, more: object = {}) => ({
  CosFileURI: `cos://bucket/${name}`,
  ...more,
})
const keys = { CosSecretId: 'AKIDKEY', CosSecretKey: 'storage-key-text' }

async function start(t: TestContext) {
  const cloud = await startCloud(t)
  const id = await create(cloud, {
    PreExecutedFileSettings: [
      script('node.sh', { WhenRun: 'resourceAfter', ...keys }),
      script('late.sh', { WhenRun: 'clusterAfter' }),
    ],
  })
  const english = { port: cloud.port, language: 'en-US' as const }
  return {
    cloud,
    id,
    modify: (members: object) => ask(english, 'ModifyBootScript', { InstanceId: id, ...members }),
    found: async () => (await cloud.store.read((tx) => tx.findById('cluster', id)))!.document,
    async scripts() {
      const { response } = await ask(cloud, 'DescribeBootScript', { InstanceId: id })
      const detail = response['Detail'] as Record<string, { CosFileURI: string; Args: string }[]>
      return Object.fromEntries(
        Object.entries(detail).flatMap(([moment, rows]) =>
          rows.map((row) => [`${moment} ${row.CosFileURI}`, row.Args]),
        ),
      )
    },
  }
}

test('scripts of one moment are replaced, with their keys, and run on later nodes', async (t) => {
  const { cloud, id, modify, found, scripts } = await start(t)
  await cloud.settle()
  const settings = [script('new.sh', { Args: '--a  b', ...keys })]
  const answer = await modify({ BootType: 'resourceAfter', PreExecutedFileSettings: settings })
  assert.equal(answer.code, '', answer.message)
  const late = { 'ClusterAfter cos://bucket/late.sh': '' }
  assert.deepEqual(await scripts(), { 'ResourceAfter cos://bucket/new.sh': '--a b', ...late })
  const { secrets } = await found()
  const names = Object.keys(secrets).filter((name) => /^(?:boot|bootstrap)[-.]/.test(name))
  assert.equal(names.length, 2)
  assert.ok(names.every((name) => /^boot-[0-9a-z]{8}\.0\.key/.test(name)))
  assert.ok(!JSON.stringify(await found()).includes('storage-key-text'))
  const scaled = await ask(cloud, 'ScaleOutInstance', {
    InstanceId: id,
    PayMode: 0,
    TimeUnit: 's',
    TimeSpan: 3600,
    CoreCount: 1,
  })
  assert.equal(scaled.code, '', scaled.message)
  await cloud.settle()
  const { body } = await askAdmin(cloud.port, `clusters/${id}`)
  const runs = body.scriptRuns as { script: string; phase: string }[]
  assert.deepEqual(
    runs.slice(-2).map((run) => `${run.script.replace(/-.{8}\./, '.')} ${run.phase}`),
    ['boot.0 done', 'bootstrap.1 done'],
  )
  assert.equal((await modify({ BootType: 'resourceAfter' })).code, '')
  assert.deepEqual(await scripts(), late)
})

test('what may not be is refused', async (t) => {
  const { cloud, modify, scripts } = await start(t)
  const BootType = 'clusterAfter'
  assert.equal((await modify({ BootType })).code, 'FailedOperation')
  await cloud.settle()
  const before = await scripts()
  const refusals: readonly (readonly [object, string])[] = [
    [{ BootType: 'never' }, 'InvalidParameter'],
    [{}, 'MissingParameter'],
    [
      { BootType, PreExecutedFileSettings: [script('a.sh', { WhenRun: 'resourceAfter' })] },
      'InvalidParameter',
    ],
    [
      { BootType, PreExecutedFileSettings: [{ CosFileURI: 'ftp://a' }] },
      'InvalidParameter.InvalidPreExecutedFile',
    ],
    [{ BootType, InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound'],
  ]
  for (const [members, code] of refusals) {
    const answer = await modify(members)
    assert.equal(answer.code, code, answer.message)
  }
  assert.deepEqual(await scripts(), before)
})
