import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Logger } from '../../src/kernel/log.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { ask, create, sampleCreateRequest } from '../support/http/tencent-client.ts'

const SECRETS = {
  password: 'Secret@cloud1234',
  storageId: 'storage-key-id-0001',
  storageKey: 'storage-key-secret-0001',
  metaPassword: 'meta-password-0001',
  scriptKey: 'script-key-secret-0001',
}

test('passwords and keys of a request appear in no answer, log line, file or refusal', async (t) => {
  const lines: string[] = []
  const write = (...values: unknown[]) => void lines.push(JSON.stringify(values))
  const log: Logger = { debug: write, info: write, warn: write, error: write, child: () => log }
  const cloud = await startCloud(t, { log })
  const members = {
    LoginSettings: { Password: SECRETS.password },
    COSSettings: { CosSecretId: SECRETS.storageId, CosSecretKey: SECRETS.storageKey },
    MetaType: 'USER_CUSTOM_META',
    MetaDBInfo: {
      MetaDataJdbcUrl: 'jdbc:mysql://db:3306/hive',
      MetaDataUser: 'hive',
      MetaDataPass: SECRETS.metaPassword,
    },
    PreExecutedFileSettings: [{ CosFileURI: 'cos://b/a.sh', CosSecretKey: SECRETS.scriptKey }],
    ClientToken: 'one',
  }
  const id = await create(cloud, members)
  await cloud.settle()
  const request = { DisplayStrategy: 'clusterList', InstanceIds: [id] }
  const answers = [
    await ask(cloud, 'DescribeInstances', request),
    await ask(cloud, 'DescribeClusterNodes', { InstanceId: id, NodeFlag: 'all', ExportDb: true }),
    await ask(
      cloud,
      'CreateInstance',
      sampleCreateRequest({ ...members, InstanceName: 'another-name' }),
    ),
    await ask(
      cloud,
      'CreateInstance',
      sampleCreateRequest({ ...members, MetaType: 'EMR_DEFAULT_META' }),
    ),
    await ask(cloud, 'CreateInstance', {
      ...sampleCreateRequest(members),
      LoginSettings: { Password: `${SECRETS.password}-too-long` },
    }),
    await ask(cloud, 'CreateInstance', {
      ...sampleCreateRequest(members),
      COSSettings: { CosSecretId: [SECRETS.storageId], CosSecretKey: { key: SECRETS.storageKey } },
    }),
  ]
  assert.deepEqual(
    answers.map((answer) => answer.code),
    [
      '',
      '',
      'FailedOperation.DuplicateOrderNotAllowed',
      'InvalidParameter.InvalidMetaType',
      'InvalidParameter.InvalidPassword',
      'InvalidParameter',
    ],
  )
  const files = readdirSync(cloud.dataDir).map((name) =>
    readFileSync(join(cloud.dataDir, name)).toString('latin1'),
  )
  assert.ok(
    files.some((content) => content.includes(id)),
    'the cluster is in a file',
  )
  for (const [name, secret] of Object.entries(SECRETS)) {
    for (const text of [...answers.map((each) => JSON.stringify(each)), ...lines, ...files])
      assert.ok(!text.includes(secret), `${name} leaked in ${text.slice(0, 200)}`)
  }
})
