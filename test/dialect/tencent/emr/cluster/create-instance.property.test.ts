import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createInstance } from '../../../../../src/dialect/tencent/emr/cluster/create-instance.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, machine, sampleCreateRequest } from '../../../../support/http/tencent-client.ts'

type Path = readonly (string | number)[]

/** A request that has every member at least once, so that each can be changed. */
const whole = sampleCreateRequest({
  AutoRenew: 0,
  SceneName: 'Hadoop-Default',
  MetaType: 'EMR_DEFAULT_META',
  DefaultMetaVersion: 'mysql8',
  NeedMasterWan: 'NEED_MASTER_WAN',
  RemoteLoginAtCreate: 22,
  CheckSecurity: 0,
  CbsEncrypt: 0,
  SgId: 'sg-12345678',
  ApplicationRole: 'role',
  DisasterRecoverGroupIds: ['ps-12345678'],
  COSSettings: { CosSecretId: 'a', CosSecretKey: 'b', LogOnCosPath: 'cosn://bucket/path' },
  PreExecutedFileSettings: [{ CosFileURI: 'cos://b/a', Args: ['x'], WhenRun: 'clusterAfter' }],
  ExtendFsField: '[{"serviceName":"HDFS","classification":"hdfs-site.xml","properties":{"a":"b"}}]',
  Tags: [{ TagKey: 'a', TagValue: 'b' }],
  ResourceSpec: {
    MasterResourceSpec: machine(4, 16),
    CoreResourceSpec: {
      ...machine(4, 8),
      MultiDisks: [{ DiskType: 'CLOUD_SSD', Volume: 100, Count: 1 }],
    },
    MasterCount: 1,
    CoreCount: 2,
  },
})

const paths = [...pathsOf(whole, [])]

test('a request with members changed at random is created or refused in the vendor form, never met with a bug', async (t) => {
  const cloud = await startCloud(t)
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.integer(),
    fc.constantFrom(
      '',
      ' ',
      '0',
      '-1',
      '1e3',
      'null',
      '__proto__',
      '集群',
      '\u0000',
      'x'.repeat(300),
    ),
    fc.constant(undefined),
  )
  const changes = fc.array(fc.tuple(fc.constantFrom(...paths), value), {
    minLength: 1,
    maxLength: 3,
  })
  assert.equal(
    (await ask(cloud, createInstance.name, whole)).code,
    '',
    'the unchanged request is legal',
  )
  await fc.assert(
    fc.asyncProperty(changes, async (made) => {
      const request = structuredClone(whole) as Record<string, unknown>
      for (const [path, changed] of made) change(request, path, changed)
      const answer = await ask(cloud, createInstance.name, request)
      assert.equal(answer.status, 200)
      assert.ok(
        answer.code === '' ||
          /^(InvalidParameter|InvalidParameterValue|MissingParameter|UnknownParameter|UnsupportedOperation|ResourceInsufficient|ResourceNotFound|ResourcesSoldOut)/.test(
            answer.code,
          ),
        `${answer.code}: ${answer.message}`,
      )
      if (answer.code === '') assert.match(String(answer.response['InstanceId']), /^emr-/)
    }),
    { numRuns: 300 },
  )
})

function* pathsOf(value: unknown, path: Path): Generator<Path> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value))
    yield* pathsOf(member, [...path, Array.isArray(value) ? Number(name) : name])
}

/** Where an earlier change has taken the way there, nothing is changed. */
function change(request: Record<string, unknown>, path: Path, value: unknown): void {
  let node: unknown = request
  for (const name of path.slice(0, -1)) {
    if (typeof node !== 'object' || node === null) return
    node = (node as Record<string | number, unknown>)[name]
  }
  if (typeof node === 'object' && node !== null)
    (node as Record<string | number, unknown>)[path.at(-1)!] = value
}
