import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startContainers } from '../../../../support/fixture/emr-container.ts'
import {
  cloudRequest,
  rayCloudRequest,
  rayForm,
} from '../../../../support/http/tencent-container.ts'

const RAY = { ServiceName: 'TCRAY', DynamicInstanceType: 'RayCluster' }
const head = { GroupType: 'headGroup', GroupName: 'head', PodCpu: 1, PodMem: 2 }

const MANIFEST = `apiVersion: ray.io/v1
kind: RayCluster
metadata:
  name: by-manifest
spec:
  headGroupSpec:
    template:
      metadata: { labels: { team: data } }
      spec:
        containers:
          - name: ray-head
            env: [{ name: A, value: b }]
            resources: { limits: { cpu: 2, memory: 4Gi } }
  workerGroupSpecs:
    - groupName: workers
      replicas: 2
      minReplicas: 1
      maxReplicas: 3
      template:
        spec:
          containers:
            - name: ray-worker
              resources: { limits: { cpu: "1", memory: 2Gi } }
`

async function start(t: TestContext, text?: string) {
  const own = text === undefined ? {} : { text }
  const it = await startContainers(t, { request: rayCloudRequest(), seconds: 60, ...own })
  const make = (form: object) => it.answer('CreateDynamicInstance', { ...RAY, ...form })
  const list = async () =>
    (await it.answer('DescribeDynamicInstanceList'))['DynamicInstanceList'] as Record<
      string,
      unknown
    >[]
  const detail = async (RayClusterId: unknown) =>
    (await it.answer('DescribeDynamicInstanceDetail', { RayClusterId })) as Record<
      string,
      unknown
    > & { HeadGroupSpec: Record<string, unknown>; WorkerGroupSpecs: Record<string, unknown>[] }
  return { ...it, make, list, detail }
}

test('a Ray cluster comes with its pods, by a flow, and reads back as it was sent', async (t) => {
  const it = await start(t)
  const volumes = {
    SupportPV: true,
    CBSVolumes: [{ VolumeName: 'data', DiskType: 'CLOUD_SSD', DiskSize: 100, DiskCount: 1 }],
    VolumeMounts: [{ MountName: 'data', MountPath: '/data', MountMode: 'ReadWrite' }],
  }
  const worker = {
    GroupType: 'workerGroup',
    GroupName: 'workers',
    PodCpu: 2,
    PodMem: 4,
    PodNum: 2,
    MinPodNum: 1,
    MaxPodNum: 4,
    Labels: [{ Name: 'team', Value: 'data' }],
    Tolerations: [{ Key: 'k', Operator: 'Exists', Effect: 'NoSchedule' }],
    Envs: [{ Name: 'A', Value: 'b' }],
    ResourceLabel: '{"Custom1":1}',
    SchedulingPolicy: '{"nodeSelector":{"a":"b"}}',
    RayStartParams: '{"num-cpus":"2"}',
    PreStartCommand: 'echo ready',
    ...volumes,
  }
  const image = { ImageMode: 'imageUrl', FullImageUrl: 'registry.example/ray:2.52.0' }
  const form = rayForm({
    DynamicInstanceGroups: [head, worker],
    SupportToken: true,
    ImageInfoV2: image,
  })
  const { FlowId } = await it.make({ DynamicInstanceForm: form })
  assert.equal(await it.status(), 4)
  await it.cloud.settle()
  const flow = await it.answer('DescribeClusterFlowStatusDetail', {
    FlowParam: { FKey: 'FlowId', FValue: String(FlowId) },
  })
  assert.equal(flow['FlowTotalStatus'], 2)
  const [listed] = await it.list()
  const pods = (await it.pods()).filter(({ NameTag }) => NameTag.startsWith('ray-'))
  assert.deepEqual(
    pods.map(({ ServicesStatus }) => ServicesStatus),
    ['RayHead:STARTED', 'RayWorker:STARTED', 'RayWorker:STARTED'],
  )
  assert.equal(listed?.['DashboardUrl'], `http://${pods[0]?.Ip}/ray-1`)
  const seen = await it.detail(listed?.['RayClusterId'])
  assert.deepEqual(
    [seen['RayClusterName'], seen['SubmitType'], seen['TotalPodCount'], seen['HighAvailability']],
    ['ray-1', 1, 3, false],
  )
  assert.match(String(seen['Token']), /^emr-token-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/)
  assert.match(String(seen['Namespace']), new RegExp(`^\\d+-${it.id}$`))
  assert.equal((seen['ImageInfoV2'] as Record<string, unknown>)['FullImageUrl'], image.FullImageUrl)
  const [workers] = seen.WorkerGroupSpecs
  const { PersistentVolume, Tolerations, ...rest } = workers ?? {}
  assert.deepEqual(rest, {
    Name: 'workers',
    PodCount: 2,
    MinNodes: 1,
    MaxNodes: 4,
    StorageConfigEnabled: true,
    GroupType: 'workerGroup',
    Cpu: 2,
    MemSize: 4,
    GpuType: '',
    Gpu: 0,
    ResourceLabels: worker.ResourceLabel,
    Env: worker.Envs,
    Labels: worker.Labels,
    Scheduler: worker.SchedulingPolicy,
    PreStartCommand: worker.PreStartCommand,
    RayStartParams: worker.RayStartParams,
  })
  assert.deepEqual((PersistentVolume as { CBSVolumes: unknown }).CBSVolumes, volumes.CBSVolumes)
  assert.equal((Tolerations as { Key: string }[])[0]?.Key, 'k')
  assert.match(String(seen['RayClusterYaml']), /groupName: workers/)
})

test('a manifest makes one as well, and reads back as it was sent', async (t) => {
  const it = await start(t)
  await it.make({ DynamicInstanceYaml: Buffer.from(MANIFEST).toString('base64') })
  await it.cloud.settle()
  const [listed] = await it.list()
  assert.deepEqual(
    [listed?.['RayClusterName'], listed?.['PodCount'], listed?.['SubmitType']],
    ['by-manifest', 3, 2],
  )
  const seen = await it.detail(listed?.['RayClusterId'])
  assert.equal(seen['RayClusterYaml'], MANIFEST)
  const { Cpu, MemSize, Labels, Env } = seen.HeadGroupSpec
  assert.deepEqual([Cpu, MemSize], [2, 4])
  assert.deepEqual(Labels, [{ Name: 'team', Value: 'data' }])
  assert.deepEqual(Env, [{ Name: 'A', Value: 'b' }])
  assert.deepEqual([seen.WorkerGroupSpecs[0]?.['MaxNodes'], seen['Token']], [3, ''])
})

test('what no Ray cluster can be is refused by name, and nothing comes', async (t) => {
  const it = await start(t)
  const FO = 'FailedOperation'
  const UO = 'UnsupportedOperation'
  const at = 'DynamicInstanceForm'
  const groups = `${at}.DynamicInstanceGroups`
  const of = (members: object) => ({ ...RAY, DynamicInstanceForm: rayForm({ ...members }) })
  const grouped = (...own: object[]) => of({ DynamicInstanceGroups: own })
  const yaml = (text: string) => ({
    ...RAY,
    DynamicInstanceYaml: Buffer.from(text).toString('base64'),
  })
  await it.refused('CreateDynamicInstance', [
    [{ ...of({}), InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
    [{ ...of({}), ServiceName: 'SPARK' }, FO, 'ServiceName'],
    [
      { ...of({}), DynamicInstanceType: 'SparkJob' },
      'InvalidParameter.InvalidDynamicInstanceType',
      'DynamicInstanceType',
    ],
    [RAY, 'MissingParameter', at],
    [{ ...of({}), DynamicInstanceYaml: 'a' }, FO, 'DynamicInstanceYaml'],
    [of({ DynamicInstanceName: 'Bad Name' }), FO, `${at}.DynamicInstanceName`],
    [of({ Namespace: 'default' }), FO, `${at}.Namespace`],
    [of({ SupportHA: true }), UO, `${at}.SupportHA`],
    [
      of({ DependServices: [{ ServiceName: 'kerberos', InstanceId: 'emr-1' }] }),
      UO,
      `${at}.DependServices`,
    ],
    [of({ ImageInfoV2: { Password: 'p' } }), UO, `${at}.ImageInfoV2.Password`],
    [of({ CFSVolumes: [{ VolumeName: 'v' }] }), UO, `${at}.CFSVolumes`],
    [of({ CBSVolumes: [{ VolumeName: 'v', DiskType: 'TAPE' }] }), FO, 'DiskType'],
    [of({ VolumeMounts: [{ MountName: 'v', MountPath: '/v' }] }), FO, 'MountName'],
    [of({ DynamicInstanceGroups: [] }), FO, groups],
    [grouped(head, { ...head, GroupName: 'head2' }), FO, groups],
    [grouped(head, { ...head, GroupType: 'workerGroup' }), FO, 'GroupName'],
    [grouped({ ...head, PodNum: 2 }), FO, 'PodNum'],
    [grouped({ ...head, GroupName: '-' }), FO, 'GroupName'],
    [grouped({ ...head, PodGpu: 1 }), UO, 'PodGpu'],
    [grouped({ ...head, ResourceLabel: 'x' }), FO, 'ResourceLabel'],
    [
      grouped(head, {
        ...head,
        GroupType: 'workerGroup',
        GroupName: 'w',
        MinPodNum: 3,
        MaxPodNum: 2,
      }),
      FO,
      'MaxPodNum',
    ],
    [yaml('kind: Pod'), FO, 'RayCluster'],
    [yaml('a: [1'), FO, 'DynamicInstanceYaml'],
    [yaml('a: &a [1]\nb: *a\nkind: RayCluster'), FO, 'aliases'],
    [yaml(MANIFEST.replace('4Gi', 'much')), FO, 'memory'],
    [yaml(MANIFEST.replace('replicas: 2', 'replicas: two')), FO, 'replicas'],
  ])
  assert.deepEqual(await it.list(), [])
  await it.make({ DynamicInstanceForm: rayForm() })
  await it.refused('CreateDynamicInstance', [
    [of({ DynamicInstanceName: 'ray-2' }), 'ResourceInUse.InstanceInProcess', it.id],
  ])
  await it.cloud.settle()
  await it.refused('CreateDynamicInstance', [[of({}), FO, 'DynamicInstanceName']])
  const plain = await startContainers(t, { request: cloudRequest() })
  await plain.refused('CreateDynamicInstance', [[of({}), FO, 'InstanceId']])
})

test('its pods must fit into the container cluster, and its buckets be there', async (t) => {
  const text = `tencent:
  networks: [{ id: vpc-12345678, region: ap-guangzhou, cidr: 10.1.0.0/16 }]
  container-clusters:
    - { id: cls-12345678, region: ap-guangzhou, network: vpc-12345678, nodes: 1, cpu: 4, memory: 64 }
  buckets: [{ id: gone-1250000001, absent: true }]
`
  const it = await start(t, text)
  const limit = 'LimitExceeded.PodCpuLimitExceededAvailableCpu'
  const volume = { COSVolumes: [{ VolumeName: 'v', Bucket: 'gone-1250000001' }] }
  await it.refused('CreateDynamicInstance', [
    [{ ...RAY, DynamicInstanceForm: rayForm() }, limit, 'cls-12345678'],
    [{ ...RAY, DynamicInstanceForm: rayForm(volume) }, 'InvalidParameterValue', 'gone-1250000001'],
  ])
})
