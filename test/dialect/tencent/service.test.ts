import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceOf } from '../../../src/dialect/tencent/service.ts'
import { Fault } from '../../../src/domain/fault.ts'
import { startCloud } from '../../support/fixture/cloud.ts'
import { signTc3, signV1, type WireRequest } from '../../support/http/sign.ts'
import { KEYS, REGION, send } from '../../support/http/tencent-client.ts'

const TAG = '2018-08-13'
const EMR = '2019-01-03'

function request(service: string | undefined, host: string): WireRequest {
  const authorization = `TC3-HMAC-SHA256 Credential=AKID/2026-01-01/${service}/tc3_request, SignedHeaders=a`
  const headers = service === undefined ? { host } : { host, authorization }
  return { method: 'POST', path: '/', query: '', headers, body: new Uint8Array() }
}

function meant(service: string | undefined, host: string, version: string): string {
  try {
    return serviceOf(request(service, host), version).name
  } catch (problem) {
    assert.ok(problem instanceof Fault && problem.code === 'VersionUnknown')
    return `no ${version} in ${(problem as Fault<'VersionUnknown'>).facts.service}`
  }
}

test('a service is named by the scope, else by the host, else by its version', () => {
  const cases: readonly (readonly [string | undefined, string, string, string])[] = [
    ['tag', '127.0.0.1:4580', TAG, 'tag'],
    ['tag', 'emr.emrys.test:4580', TAG, 'tag'],
    ['127', '127.0.0.1:4580', TAG, 'tag'],
    ['localhost:4580', 'localhost:4580', '2017-03-12', 'cvm'],
    ['127', '127.0.0.1:4580', EMR, 'emr'],
    [undefined, 'cdb.emrys.test', '2017-03-20', 'cdb'],
    [undefined, 'http://tag.emrys.test:4580', TAG, 'tag'],
    ['emr', '127.0.0.1', TAG, `no ${TAG} in emr`],
    ['tag', 'tag.emrys.test', EMR, `no ${EMR} in tag`],
    [undefined, 'tag.emrys.test', EMR, `no ${EMR} in tag`],
    ['127', '127.0.0.1', '2000-01-01', 'no 2000-01-01 in emr'],
    ['vpc', 'vpc.emrys.test', '2017-03-13', 'no 2017-03-13 in emr'],
  ]
  for (const [service, host, version, expected] of cases)
    assert.equal(meant(service, host, version), expected, `${service} ${host} ${version}`)
})

test('each service answers at a host of its own, by both signatures, and says its name in refusals', async (t) => {
  const cloud = await startCloud(t)
  const timestamp = Math.floor(Date.now() / 1000)
  const ask = (service: string, version: string, action: string, body: object = {}) =>
    send(
      cloud.port,
      signTc3({
        ...KEYS,
        service,
        version,
        action,
        timestamp,
        region: REGION,
        host: `${service}.emrys.test:4580`,
        body: JSON.stringify(body),
      }),
    )
  const listed = await ask('emr', EMR, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  assert.equal(listed.response['TotalCnt'], 0)
  const tags = await ask('tag', TAG, 'DescribeResourceTags')
  assert.equal(tags.response['TotalCount'], 0)
  const zones = await ask('cvm', '2017-03-12', 'DescribeZones')
  assert.equal(zones.response['TotalCount'], 7)
  const wrong = await ask('tag', EMR, 'DescribeResourceTags')
  assert.equal(wrong.code, 'NoSuchVersion')
  assert.equal(
    wrong.message,
    'The specified api version=`2019-01-03` does not exist in service=`tag`.',
  )
  // Another service's action of the same name is not EMR's.
  assert.equal((await ask('cvm', '2017-03-12', 'DescribeInstances')).code, 'UnsupportedOperation')
  assert.equal((await ask('emr', EMR, 'DescribeZones')).code, 'InvalidAction')
  const flat = signV1({
    ...KEYS,
    timestamp,
    nonce: 7,
    host: 'cvm.emrys.test',
    parameters: { Action: 'DescribeZones', Version: '2017-03-12', Region: REGION },
  })
  assert.equal((await send(cloud.port, flat)).response['TotalCount'], 7)
})
