import assert from 'node:assert/strict'
import { test } from 'node:test'
import { regionOfHost } from '../../../../src/dialect/alibaba/wire/host.ts'

test('the region stands in the endpoint of the service, and in no other host', () => {
  const cases: readonly [string, string][] = [
    ['starrocks.cn-hangzhou.aliyuncs.com', 'cn-hangzhou'],
    ['starrocks-vpc.cn-beijing.aliyuncs.com:443', 'cn-beijing'],
    ['StarRocks.US-EAST-1.aliyuncs.com', 'us-east-1'],
    ['127.0.0.1:4580', ''],
    ['localhost', ''],
    ['ecs.cn-hangzhou.aliyuncs.com', ''],
    ['starrocks.cn-hangzhou.aliyuncs.com.evil.example', ''],
    ['', ''],
  ]
  for (const [host, region] of cases) assert.equal(regionOfHost(host), region, host)
})
