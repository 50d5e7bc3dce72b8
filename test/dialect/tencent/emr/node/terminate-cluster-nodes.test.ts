import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { withTask } from '../../../../support/http/tencent-request.ts'

async function start(t: TestContext) {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'time', seconds: 300 } } },
  })
  const { ResourceSpec } = withTask()
  const counts = { TaskCount: 2, CoreCount: 3 }
  const InstanceId = await create(cloud, { ResourceSpec: { ...ResourceSpec, ...counts } })
  await cloud.settle()
  const nodes = async () => {
    const request = { InstanceId, NodeFlag: 'all' }
    const { response } = await ask(cloud, 'DescribeClusterNodes', request)
    return response['NodeList'] as Record<string, string>[]
  }
  const byName = new Map((await nodes()).map((node) => [node['NameTag'], node]))
  return {
    cloud,
    nodes,
    idOf: (name: string) => byName.get(name)?.['OrderNo'],
    terminate: (NodeFlag: string, CvmInstanceIds: unknown[], members: object = {}) =>
      ask(cloud, 'TerminateClusterNodes', { InstanceId, NodeFlag, CvmInstanceIds, ...members }),
    /** How many seconds the nodes take until they are gone. */
    async gone() {
      const fromMs = cloud.clock.now()
      await cloud.settle()
      return Math.round((cloud.clock.now() - fromMs) / 1000)
    },
  }
}

test('what cannot be removed is refused by name', async (t) => {
  const { terminate, idOf } = await start(t)
  const BAD = 'InvalidParameter.InvalidResourceIds'
  for (const [flag, ids, members, code] of [
    ['COMMON', [idOf('core.0')], {}, 'InvalidParameter.InvalidNodeFlag'],
    ['TASK', [idOf('core.0')], {}, BAD],
    ['CORE', [idOf('core.0'), idOf('task.0')], {}, BAD],
    ['MASTER', [idOf('master.0')], {}, BAD],
    ['CORE', [idOf('core.0'), idOf('core.1')], {}, BAD],
    ['TASK', ['emr-vm-12345678'], {}, BAD],
    ['TASK', ['ins-zzzzzzzz'], {}, 'ResourceNotFound.CvmInstanceNotFound'],
    ['TASK', [idOf('task.0')], { GraceDownTime: 59 }, 'InvalidParameterValue'],
    ['TASK', [idOf('task.0')], { GraceDownTime: 1801 }, 'InvalidParameterValue'],
  ] as const) {
    const answer = await terminate(flag, [...ids], members)
    assert.equal(answer.code, code, `${flag} ${ids.join()}: ${answer.message}`)
  }
})

test('a task node goes at once, or has as long as the request gives it', async (t) => {
  const { terminate, idOf, gone } = await start(t)
  assert.ok(Number((await terminate('TASK', [idOf('task.0')])).response['FlowId']) > 0)
  assert.ok((await gone()) < 60)
  const graceful = { GraceDownFlag: true, GraceDownTime: 120 }
  assert.equal((await terminate('TASK', [idOf('task.1')], graceful)).code, '')
  const seconds = await gone()
  assert.ok(seconds >= 120 && seconds < 300, String(seconds))
})

test('a core node takes as long as its data need, whatever time it is given', async (t) => {
  const { terminate, idOf, gone, nodes } = await start(t)
  const graceful = { GraceDownFlag: true, GraceDownTime: 60 }
  assert.equal((await terminate('CORE', [idOf('core.1')], graceful)).code, '')
  assert.ok((await gone()) >= 300)
  const core = (await nodes()).filter(({ NameTag }) => NameTag?.startsWith('core.'))
  assert.deepEqual(
    core.map(({ NameTag, Destroyable }) => [NameTag, Destroyable]),
    [
      ['core.0', 0],
      ['core.2', 0],
    ],
  )
})

test("the documents' example is understood: a time of 0 is none", async (t) => {
  const { terminate, idOf, gone } = await start(t)
  const example = { GraceDownTime: 0, GraceDownFlag: true }
  assert.equal((await terminate('TASK', [`${idOf('task.0')}\r\n`], example)).code, '')
  assert.ok((await gone()) >= 300)
})
