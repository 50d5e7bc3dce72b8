/** Failing services as they are met by actions that read, and services that are only slow. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { actions } from '../../src/dialect/tencent/actions.ts'
import { dependencyNames, failureModes } from '../../src/domain/dependency.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { ask, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { legalRequest } from '../support/http/tencent-request.ts'

const always = { probability: 1, times: undefined, latencyMs: 0, action: undefined } as const
const list = { DisplayStrategy: 'clusterList' }
test('an action fails with the services that it asks, and with no other', async (t) => {
  const cloud = await startCloud(t)
  const { dependencies } = cloud.core
  for (const { name, asks } of actions) {
    if (asks === undefined) continue
    for (const dependency of dependencyNames) {
      for (const mode of failureModes) {
        dependencies.put({ ...always, dependency, mode, times: 1 })
        const { code } = await ask(cloud, name, legalRequest(name, 'emr-12345678'))
        const failed = code.startsWith('InternalError.')
        assert.equal(failed, asks.includes(dependency), `${name}, ${dependency}: ${code}`)
        assert.equal(dependencies.remove(), failed ? 0 : 1)
      }
    }
  }
  const asking = actions.filter(({ asks }) => asks !== undefined)
  assert.ok(asking.length >= 13, `only ${asking.length} actions ask`)
})

test('a switch for one action leaves the others alone', async (t) => {
  const cloud = await startCloud(t)
  const action = 'CreateInstance'
  cloud.core.dependencies.put({ ...always, dependency: 'account', mode: 'gateway', action })
  assert.equal((await ask(cloud, 'DescribeInstances', list)).code, '')
  const { code } = await ask(cloud, 'CreateInstance', sampleCreateRequest())
  assert.equal(code, 'InternalError.AccountCgwError')
})

test('a slow service is waited for, and holds up nobody else', async (t) => {
  const cloud = await startCloud(t)
  const latencyMs = 40_000
  cloud.core.dependencies.put({ ...always, dependency: 'network', mode: 'latency', latencyMs })
  let answered = false
  const slow = ask(cloud, 'CreateInstance', sampleCreateRequest()).finally(() => (answered = true))
  assert.equal((await ask(cloud, 'DescribeInstances', list)).response['TotalCnt'], 0)
  assert.equal(answered, false)
  const waiting = () => !answered
  for (let turn = 0; turn < 10_000 && waiting(); turn++) {
    cloud.clock.advance(latencyMs)
    await setImmediate()
  }
  assert.match(String((await slow).response['InstanceId']), /^emr-/)
})
