import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import {
  ask,
  create,
  machine,
  sampleCreateRequest,
} from '../../../../support/http/tencent-client.ts'

async function start(t: TestContext, created: object = {}, task: object = machine(4, 8)) {
  const cloud = await startCloud(t)
  const { ResourceSpec } = sampleCreateRequest()
  const InstanceId = await create(cloud, {
    ResourceSpec: { ...ResourceSpec, TaskResourceSpec: task, TaskCount: 2 },
    ...created,
  })
  await cloud.settle()
  const nodes = async () => {
    const request = { InstanceId, NodeFlag: 'all' }
    const { response } = await ask(cloud, 'DescribeClusterNodes', request)
    return response['NodeList'] as Record<string, unknown>[]
  }
  const ids = new Map((await nodes()).map((it) => [it['NameTag'], String(it['EmrResourceId'])]))
  return {
    cloud,
    idOf: (name: string) => ids.get(name) ?? name,
    async sizes() {
      return (await nodes()).map(({ NameTag, Spec, CpuNum, MemDesc }) =>
        [NameTag, Spec, CpuNum, MemDesc].join(' '),
      )
    },
    modify: (members: object) =>
      ask(cloud, 'ModifyResource', { InstanceId, PayMode: 0, NewCpu: 8, NewMem: 32, ...members }),
  }
}

test('chosen nodes get other machines; all of a role become its specification', async (t) => {
  const { cloud, modify, sizes, idOf } = await start(t)
  const one = await modify({ ResourceIdList: [idOf('task.1')] })
  assert.match(String(one.response['TraceId']), /^\d+-\d+-\d+$/)
  await cloud.settle()
  assert.deepEqual((await sizes()).slice(3), ['task.0 CVM.S5 4 8GB', 'task.1 CVM.S5 8 32GB'])
  const smaller = { NewCpu: 2, NewMem: 4, InstanceType: 'S2.MEDIUM4' }
  const both = [idOf('task.0'), idOf('task.1')]
  assert.equal((await modify({ ...smaller, ResourceIdList: both })).code, '')
  await cloud.settle()
  assert.deepEqual((await sizes()).slice(3), ['task.0 CVM.S2 2 4GB', 'task.1 CVM.S2 2 4GB'])
  const list = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  const [cluster] = list.response['ClusterList'] as Record<string, Record<string, unknown>>[]
  const role = cluster?.['Config']?.['TaskResource'] as Record<string, unknown>
  assert.equal(role['InstanceType'], 'S2.MEDIUM4')
})

test("without a list the whole cluster is meant, as in the documents' example", async (t) => {
  const { cloud, modify, sizes } = await start(t)
  assert.equal((await modify({})).code, '')
  await cloud.settle()
  for (const text of await sizes()) assert.match(text, /CVM\.S5 8 32GB$/)
  assert.equal((await modify({})).code, 'InvalidParameter.InvalidModifySpec')
})

test('a request with the same token is answered as the first one was', async (t) => {
  const { cloud, modify } = await start(t)
  const first = await modify({ ClientToken: 'one' })
  await cloud.settle()
  const again = await modify({ ClientToken: 'one' })
  assert.equal(again.response['TraceId'], first.response['TraceId'])
  const other = await modify({ ClientToken: 'one', NewMem: 16 })
  assert.equal(other.code, 'FailedOperation.DuplicateOrderNotAllowed')
})

test('what cannot be exchanged is refused by name', async (t) => {
  const { cloud, modify, idOf } = await start(t, {}, { InstanceType: 'I2.2XLARGE32' })
  const SPEC = 'InvalidParameter.InvalidModifySpec'
  for (const [members, code, name] of [
    [{ PayMode: 1 }, 'InvalidParameter.InvalidPaymode', 'PayMode'],
    [{ NewCpu: 7 }, SPEC, 'NewCpu'],
    [{ InstanceType: 'S5.LARGE8' }, SPEC, 'InstanceType'],
    [{ InstanceType: 'X9.LARGE8' }, SPEC, 'InstanceType'],
    [{ ClientToken: ' ' }, 'InvalidParameter.InvalidClientToken', 'ClientToken'],
    [
      { ResourceIdList: ['ins-12345678'] },
      'InvalidParameter.InvalidResourceId',
      'ResourceIdList.0',
    ],
    [{ ResourceIdList: ['emr-vm-zz'] }, 'ResourceNotFound.ResourceNotFound', 'ResourceIdList.0'],
    [
      { ResourceIdList: [idOf('core.0'), idOf('task.0')] },
      'InvalidParameter.InvalidClassification',
      'ResourceIdList',
    ],
    [
      { ResourceIdList: [idOf('task.0')], InstanceType: 'S5.2XLARGE32' },
      'UnsupportedOperation',
      'InstanceType',
    ],
  ] as const) {
    const answer = await modify(members)
    const what = `${JSON.stringify(members)}: ${answer.message}`
    assert.equal(answer.code, code, what)
    assert.ok(answer.message.includes(`\`${name}\``), what)
  }
  const unknown = { InstanceId: 'emr-zzzzzzzz', PayMode: 0, NewCpu: 8, NewMem: 32 }
  const lost = await ask(cloud, 'ModifyResource', unknown)
  assert.equal(lost.code, 'ResourceNotFound.InstanceNotFound')
})
