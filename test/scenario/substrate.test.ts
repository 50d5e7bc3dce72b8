/** Which substrate carries a cluster, and what one lacks, as clients of both clouds meet it. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { loadConfig } from '../../src/config/config.ts'
import { hadoopBody, instanceBody } from '../support/http/body.ts'
import { client } from '../support/http/client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { startCloud, type CloudOptions } from '../support/fixture/cloud.ts'

const KEY = { Encrypted: true, KmsKeyId: 'key-1' }

async function clouds(
  t: TestContext,
  substrates: NonNullable<CloudOptions['config']>['substrates'] = {
    default: 'simulation',
    starrocks: 'local',
  },
  clientCode = false,
) {
  // Nothing was fetched for any engine.
  const engines = { cache: temporaryDirectory(t), pythonIndex: '', mavenRepository: '' }
  const { local } = loadConfig({}).config
  const config = { substrates, engines, local: { ...local, clientCode } }
  const cloud = await startCloud(t, { config })
  const api = client(cloud.port)
  t.after(() => api.close())
  const alibaba = async (more: object) => {
    const body = { ...instanceBody('carried'), ...more }
    return api.alibaba('/webapi/cluster/createV1', { body })
  }
  const tencent = async (tag?: { TagKey: string; TagValue: string }, more: object = {}) => {
    const body = { ...hadoopBody('carried'), ...(tag && { Tags: [tag] }), ...more }
    const answer = await api.tencent('CreateInstance', body)
    return answer as { Error?: { Code: string; Message: string }; InstanceId?: string }
  }
  const carried = async () => {
    const { rows } = await cloud.store.read((tx) =>
      tx.list('cluster', { account: undefined, order: 'oldest', limit: 10, offset: 0 }),
    )
    return rows.map(({ document }) => document.substrate)
  }
  return { alibaba, tencent, carried }
}

const refusedBy = ({ status, body }: { status: number; body: Readonly<Record<string, unknown>> }) =>
  [status, body['Code'], body['Message']] as const

test('encryption is refused where the engine lacks its cipher, with the command that brings it, and granted where its owner chooses the simulation', async (t) => {
  const { alibaba, carried } = await clouds(t)
  const [status, code, message] = refusedBy(await alibaba(KEY))
  assert.deepEqual([status, code], [400, 'UnsupportedOperation'])
  assert.match(
    String(message),
    /^encryption is not supported: the module httpfs is not on this machine; `emrys engines fetch httpfs` brings it/,
  )
  assert.deepEqual(await carried(), [])
  const granted = await alibaba({ ...KEY, Tags: [{ key: 'emrys:substrate', value: 'simulation' }] })
  assert.equal(granted.status, 200, JSON.stringify(granted.body))
  assert.deepEqual(await carried(), ['simulation'])
})

test('a substrate that is none is refused by name, in both clouds', async (t) => {
  const { alibaba, tencent, carried } = await clouds(t)
  const [status, code, message] = refusedBy(
    await alibaba({ Tags: [{ key: 'emrys:substrate', value: 'moon' }] }),
  )
  assert.deepEqual([status, code], [400, 'UnsupportedOperation'])
  assert.match(String(message), /there is none called moon; there are simulation, local/)
  const { Error } = await tencent({ TagKey: 'emrys.substrate', TagValue: 'moon' })
  assert.equal(Error?.Code, 'UnsupportedOperation')
  assert.match(
    Error?.Message ?? '',
    /`emrys:substrate` is not supported: there is none called moon/,
  )
  assert.deepEqual(await carried(), [])
})

test('a cluster that this machine has no daemons for is refused by name where it is asked for, and simulated elsewhere', async (t) => {
  const { tencent, carried } = await clouds(t)
  const { Error } = await tencent({ TagKey: 'emrys.substrate', TagValue: 'local' })
  assert.equal(Error?.Code, 'UnsupportedOperation')
  assert.match(
    Error?.Message ?? '',
    /^`zookeeper hdfs yarn` is not supported: what it runs of is not on this machine; `emrys engines fetch zookeeper hdfs yarn` brings it/,
  )
  assert.deepEqual(await carried(), [])
  assert.ok((await tencent()).InstanceId)
  assert.deepEqual(await carried(), ['simulation'])
})

test('COSSettings are refused on this machine where nothing keeps the objects, and taken by the simulation', async (t) => {
  const { tencent, carried } = await clouds(t)
  const COSSettings = { CosSecretId: 'id', CosSecretKey: 'key' }
  const tag = { TagKey: 'emrys.substrate', TagValue: 'local' }
  const { Error } = await tencent(tag, { COSSettings })
  assert.equal(Error?.Code, 'UnsupportedOperation')
  assert.match(
    Error?.Message ?? '',
    /^`object storage` is not supported: nothing keeps the objects of its cloud; `object-storage` in the file/,
  )
  assert.ok((await tencent(undefined, { COSSettings })).InstanceId)
  assert.deepEqual(await carried(), ['simulation'])
})

test('a bootstrap script is refused on this machine with the setting that allows it, and then where nothing keeps the objects', async (t) => {
  const PreExecutedFileSettings = [{ CosFileURI: 'cos://tools-1250000001/setup.sh' }]
  const tag = { TagKey: 'emrys.substrate', TagValue: 'local' }
  for (const [scripts, sentence] of [
    [false, /^`a script` is not supported: .*with the setting `local\.client-code`/],
    [true, /^`object storage` is not supported: nothing keeps the objects/],
  ] as const) {
    const { tencent } = await clouds(t, undefined, scripts)
    const { Error } = await tencent(tag, { PreExecutedFileSettings })
    assert.equal(Error?.Code, 'UnsupportedOperation')
    assert.match(Error?.Message ?? '', sentence)
  }
})

test('what this machine does not do is refused by name: Kerberos, encrypted disks', async (t) => {
  const { tencent, carried } = await clouds(t)
  const tag = { TagKey: 'emrys.substrate', TagValue: 'local' }
  for (const [more, sentence] of [
    [
      { CheckSecurity: 1 },
      /^`kerberos-.*` is not supported: kerberos does not run on this machine/,
    ],
    [{ CbsEncrypt: 1 }, /^`encryption` is not supported: local does not do it/],
  ] as const) {
    const { Error } = await tencent(tag, more)
    assert.equal(Error?.Code, 'UnsupportedOperation', Error?.Message)
    assert.match(Error?.Message ?? '', sentence)
  }
  assert.deepEqual(await carried(), [])
})

test('with local as the default, what it cannot run is refused unless the cluster says where to run', async (t) => {
  const { tencent, carried } = await clouds(t, { default: 'local', starrocks: 'simulation' })
  assert.equal((await tencent()).Error?.Code, 'UnsupportedOperation')
  const chosen = { TagKey: 'emrys.substrate', TagValue: 'simulation' }
  assert.ok((await tencent(chosen)).InstanceId)
  assert.deepEqual(await carried(), ['simulation'])
})
