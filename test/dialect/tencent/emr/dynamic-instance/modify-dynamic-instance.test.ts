import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startContainers } from '../../../../support/fixture/emr-container.ts'
import { makeRay, rayCloudRequest } from '../../../../support/http/tencent-container.ts'

const RAY = { ServiceName: 'TCRAY', DynamicInstanceType: 'RayCluster' }

async function start(t: TestContext) {
  const it = await startContainers(t, { request: rayCloudRequest(), seconds: 60 })
  const number = await makeRay(it.cloud, it.id)
  const request = (DynamicInstanceForm: object) => {
    return { ...RAY, DynamicInstanceId: number, DynamicInstanceForm }
  }
  const modify = async (form: object) => {
    await it.answer('ModifyDynamicInstance', request(form))
    const during = await it.status()
    await it.cloud.settle()
    assert.equal(await it.status(), 2)
    return during
  }
  const seen = async () =>
    (await it.answer('DescribeDynamicInstanceDetail', { RayClusterId: number })) as Record<
      string,
      unknown
    > & { HeadGroupSpec: Record<string, unknown>; WorkerGroupSpecs: Record<string, unknown>[] }
  /** How often each pod of it was recreated. */
  const restarts = async () => {
    const found = await it.cloud.store.read((tx) => tx.findById('cluster', it.id))
    return found!.document.spec.groups
      .filter(({ role }) => role.startsWith('ray-'))
      .map(({ nodes }) => nodes.map((node) => node.restarts))
  }
  const pods = async () =>
    (await it.pods()).filter(({ NameTag }) => NameTag.startsWith('ray-')).length
  return { ...it, number, request, modify, seen, restarts, rayPods: pods }
}

test('workers are added, made larger and more, and fewer', async (t) => {
  const it = await start(t)
  const own = (members: object) => ({ ModifyDynamicInstanceGroup: members })
  const added = { GroupType: 'workerGroup', GroupName: 'more', PodCpu: 1, PodMem: 1, PodNum: 1 }
  assert.equal(await it.modify({ ModifyScope: 1, AddDynamicInstanceGroup: added }), 4)
  assert.equal((await it.seen()).WorkerGroupSpecs.length, 2)
  const larger = { GroupName: 'workers', PodCpu: 2, PodMem: 8 }
  assert.equal(await it.modify({ ModifyScope: 5, ...own(larger) }), 22)
  const [workers] = (await it.seen()).WorkerGroupSpecs
  assert.deepEqual([workers?.['Cpu'], workers?.['MemSize']], [2, 8])
  const found = (await it.pods()).filter(
    ({ CpuNum, MemSize }) => CpuNum === 2 && MemSize === 8 * 1024 ** 3,
  )
  assert.equal(found.length, 2)
  const many = { GroupName: 'workers', PodNum: 4, MinPodNum: 0, MaxPodNum: 5 }
  assert.equal(await it.modify({ ModifyScope: 6, ...own(many) }), 4)
  assert.equal(await it.rayPods(), 6)
  assert.equal(await it.modify({ ModifyScope: 6, ...own({ GroupName: 'workers', PodNum: 1 }) }), 24)
  assert.equal(await it.rayPods(), 3)
  const [few] = (await it.seen()).WorkerGroupSpecs
  assert.deepEqual([few?.['PodCount'], few?.['MinNodes'], few?.['MaxNodes']], [1, 0, 5])
})

test('what is in the manifest of its pods makes them again', async (t) => {
  const it = await start(t)
  const Labels = [{ Name: 'team', Value: 'data' }]
  assert.equal(await it.modify({ ModifyScope: 3, Labels }), 13)
  assert.deepEqual(await it.restarts(), [[1], [1, 1]])
  assert.deepEqual((await it.seen())['Labels'], Labels)
  const Envs = [{ Name: 'A', Value: 'b' }]
  await it.modify({ ModifyScope: 4, Envs, SupportNewToken: true })
  const { Env, Token, Labels: kept } = await it.seen()
  assert.deepEqual([Env, kept], [Envs, Labels])
  await it.modify({ ModifyScope: 4, SupportNewToken: true })
  const again = await it.seen()
  assert.ok(Token !== '' && again['Token'] !== Token)
  assert.deepEqual(again['Env'], [])
  await it.modify({ ModifyScope: 8, ModifyDynamicInstanceGroup: { GroupName: 'workers', Labels } })
  assert.deepEqual(await it.restarts(), [[3], [4, 4]])
  assert.deepEqual((await it.seen()).WorkerGroupSpecs[0]?.['Labels'], Labels)
  const disks = { CBSVolumes: [{ VolumeName: 'd', DiskType: '高效云盘', DiskSize: 50 }] }
  await it.modify({ ModifyScope: 7, ModifyDynamicInstanceGroup: { GroupName: 'head', ...disks } })
  await it.modify({ ModifyScope: 2, SupportPV: true, ...disks })
  const held = await it.cloud.store.read((tx) => tx.findById('cluster', it.id))
  const storage = held!.document.reservations?.find(({ measure }) => measure === 'storage')
  assert.equal(storage?.amount, 4 * 50)
  assert.equal((await it.seen())['StorageConfigEnabled'], true)
})

test('one of a manifest is changed by another one; pods of what is the same stay', async (t) => {
  const it = await startContainers(t, { request: rayCloudRequest(), seconds: 60 })
  const group = (cpu: number) =>
    `template: { spec: { containers: [{ resources: { limits: { cpu: ${cpu}, memory: 1Gi } } }] } }`
  const text = (workers: number, cpu: number, name = 'by-manifest') =>
    Buffer.from(
      `kind: RayCluster\nmetadata: { name: ${name} }\nspec:\n  headGroupSpec: { ${group(1)} }\n  workerGroupSpecs:\n    - { groupName: w, replicas: ${workers}, ${group(cpu)} }\n`,
    ).toString('base64')
  await it.answer('CreateDynamicInstance', { ...RAY, DynamicInstanceYaml: text(1, 1) })
  await it.cloud.settle()
  const { DynamicInstanceList: list } = await it.answer('DescribeDynamicInstanceList')
  const [{ RayClusterId: DynamicInstanceId }] = list as [{ RayClusterId: number }]
  const own = { ...RAY, DynamicInstanceId }
  await it.answer('ModifyDynamicInstance', { ...own, DynamicInstanceYaml: text(3, 2) })
  await it.cloud.settle()
  const found = await it.cloud.store.read((tx) => tx.findById('cluster', it.id))
  const nodes = found!.document.spec.groups
    .filter(({ role }) => role.startsWith('ray-'))
    .map((each) => each.nodes.map(({ restarts }) => restarts))
  assert.deepEqual(nodes, [[0], [1, 0, 0]])
  await it.refused('ModifyDynamicInstance', [
    [{ ...own, DynamicInstanceYaml: text(1, 1, 'other') }, 'FailedOperation', 'by-manifest'],
    [{ ...own, DynamicInstanceForm: { ModifyScope: 3 } }, 'FailedOperation', 'DynamicInstanceForm'],
  ])
})

test('what cannot be is refused by name', async (t) => {
  const it = await start(t)
  const FO = 'FailedOperation'
  const at = 'DynamicInstanceForm'
  const of = (form: object) => it.request(form)
  const group = (members: object, ModifyScope = 6) =>
    of({ ModifyScope, ModifyDynamicInstanceGroup: { GroupName: 'workers', ...members } })
  await it.refused('ModifyDynamicInstance', [
    [{ ...group({}), InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
    [
      { ...group({}), DynamicInstanceType: 'X' },
      'InvalidParameter.InvalidDynamicInstanceType',
      'X',
    ],
    [{ ...group({}), DynamicInstanceId: 1 }, FO, 'DynamicInstanceId'],
    [{ ...of({}), DynamicInstanceForm: undefined }, 'MissingParameter', at],
    [of({ ModifyScope: 1 }), 'MissingParameter', 'AddDynamicInstanceGroup'],
    [of({ ModifyScope: 1, AddDynamicInstanceGroup: { GroupName: 'workers' } }), FO, 'GroupName'],
    [
      of({ ModifyScope: 1, AddDynamicInstanceGroup: { GroupType: 'headGroup', GroupName: 'h' } }),
      FO,
      'GroupType',
    ],
    [of({ ModifyScope: 6 }), 'MissingParameter', 'ModifyDynamicInstanceGroup'],
    [group({ GroupName: 'none' }), FO, 'GroupName'],
    [group({ PodNum: 5, MaxPodNum: 4 }), FO, 'PodNum'],
    [
      of({ ModifyScope: 4, DependServices: [{ ServiceName: 'k', InstanceId: 'e' }] }),
      'UnsupportedOperation',
      'DependServices',
    ],
  ])
  assert.deepEqual(await it.restarts(), [[0], [0, 0]])
})
