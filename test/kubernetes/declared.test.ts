/** What the environment declares of the Kubernetes cluster: shown, refused against by name, in force after it was read again, and in what is applied. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../src/config/config.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { askAdmin } from '../support/http/admin.ts'
import { alibabaClient, createBody, refusalOf } from '../support/http/alibaba-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { skipWithoutControlPlane, startControlPlane } from './control-plane.ts'
import { defineStarrocks } from './starrocks-definition.ts'
import { until } from './until.ts'

const skip = skipWithoutControlPlane()

const declared = {
  first: 'kubernetes: { storage-classes: { pl1: fast }, zones: { cn-hangzhou-i: rack-1 } }',
  later: `kubernetes:
  storage-classes: { pl1: fast }
  encrypted-storage-classes: { pl1: sealed }
  zones: { cn-hangzhou-i: rack-1 }
  subnets: { vsw-blue: { example.com/network: blue } }
  machines: { networkEnhanced: { example.com/net: fast } }
  images: registry.example/starrocks
`,
  absent: 'kubernetes: { storage-classes: { pl1: slow } }',
}

test(
  'levels, zones, subnets, encryption and images are what the environment says',
  { skip, timeout: 600_000 },
  async (t) => {
    const { client, directory } = await startControlPlane(t, { controllers: true })
    await defineStarrocks(client)
    for (const name of ['fast', 'sealed'])
      await client.create('/apis/storage.k8s.io/v1/storageclasses', {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name },
        provisioner: 'none.example/none',
      })
    const environmentFile = join(temporaryDirectory(t), 'environment.yaml')
    writeFileSync(environmentFile, declared.first)
    const cloud = await startCloud(t, {
      clock: systemClock(),
      config: {
        environmentFile,
        substrates: { default: 'simulation', starrocks: 'kubernetes' },
        kubernetes: {
          ...loadConfig({}).config.kubernetes!,
          kubeconfig: join(directory, 'kubeconfig'),
        },
      },
    })
    const call = alibabaClient(cloud.port)
    const carrier = async () => {
      const { carriers } = (await askAdmin(cloud.port, 'ready')).body
      return carriers.find(({ name }: { name: string }) => name === 'kubernetes')
    }
    const shown = (done: (it: Awaited<ReturnType<typeof carrier>>) => boolean) =>
      until(async () => done(await carrier()), {
        describe: async () => JSON.stringify(await carrier()),
      })
    const starrocks = (it: Awaited<ReturnType<typeof carrier>>) => it.products[0].remark
    const group = { cu: 8, storageSize: 100, diskNumber: 1, residentNodeNumber: 1 }
    const groupOf = (more: object = {}) => ({ ...group, storagePerformanceLevel: 'pl1', ...more })
    const create = (more: object = {}, groupMore: object = {}) =>
      call('CreateInstanceV1', {
        body: createBody({
          RunMode: 'shared_nothing',
          PromotionOptionNo: '',
          ObserverNodeGroups: [],
          FrontendNodeGroups: [groupOf()],
          BackendNodeGroups: [groupOf({ residentNodeNumber: 3, ...groupMore })],
          VSwitches: [{ VswId: 'vsw-blue', ZoneId: 'cn-hangzhou-i' }],
          ...more,
        }),
      })
    const refusal = async (...it: Parameters<typeof create>) =>
      (await refusalOf(create(...it))).message
    await shown((it) => starrocks(it) === undefined)

    assert.deepEqual((await carrier()).offer, {
      disks: 'pl1=fast',
      'encrypted disks': 'none',
      zones: 'cn-hangzhou-i=rack-1',
      subnets: 'not told apart',
      machines: 'not told apart',
      images: 'starrocks',
    })
    const sealed = { Encrypted: true, KmsKeyId: 'key-cn-hangzhou' }
    assert.match(await refusal(sealed), /encryption.*encrypted-storage-classes/)
    assert.match(
      await refusal({}, { storagePerformanceLevel: 'pl2', storageSize: 500 }),
      /disks of pl2/,
    )
    const zone = 'cn-hangzhou-h'
    const elsewhere = { ZoneId: zone, VSwitches: [{ VswId: 'vsw-other', ZoneId: zone }] }
    assert.match(await refusal(elsewhere), /the zone cn-hangzhou-h/)

    const enhanced = { specType: 'networkEnhanced' }
    assert.match(await refusal({}, enhanced), /networkEnhanced.*machines of the environment/)

    writeFileSync(environmentFile, declared.later)
    assert.ok(cloud.reloadEnvironment())
    const { body } = await create(sealed, enhanced)
    const id = String(body.Data?.InstanceId)
    const key = { type: resources.starrocks, namespace: `emrys-${id}`, name: 'sr' }
    await until(async () => (await client.find(key)) !== undefined, {
      describe: () => JSON.stringify(body),
    })
    const { spec } = (await client.find(key)) as unknown as { readonly spec: object }
    const text = JSON.stringify(spec)
    const found = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([all]) => all))]
    assert.deepEqual(found(/"storageClassName":"\w+"/g), ['"storageClassName":"sealed"'])
    assert.deepEqual(found(/"image":"[^:"]+/g).toSorted(), [
      '"image":"registry.example/starrocks/be-ubuntu',
      '"image":"registry.example/starrocks/fe-ubuntu',
    ])
    for (const label of ['"example.com/network":"blue"', '"topology.kubernetes.io/zone":"rack-1"'])
      assert.equal(text.split(label).length, 3, label)
    assert.equal(text.split('"example.com/net":"fast"').length, 2)

    writeFileSync(environmentFile, declared.absent)
    assert.ok(cloud.reloadEnvironment())
    await shown((it) => /no StorageClass slow/.test(starrocks(it) ?? ''))
    assert.match(await refusal(), /no StorageClass slow/)
  },
)
