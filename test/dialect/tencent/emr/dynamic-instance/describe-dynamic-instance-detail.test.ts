import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startContainers } from '../../../../support/fixture/emr-container.ts'
import { makeRay, rayCloudRequest, rayForm } from '../../../../support/http/tencent-container.ts'

test('pages are reached as the cluster says: inside, from outside, or not at all', async (t) => {
  for (const [JobAccessProxyType, looks] of [
    ['Internal', /^http:\/\/10\./],
    ['Public', /^http:\/\/198\./],
    ['None', /^$/],
  ] as const) {
    const request = rayCloudRequest({ ContainerExtraConf: { JobAccessProxyType } })
    const it = await startContainers(t, { request })
    const RayClusterId = await makeRay(it.cloud, it.id)
    const { DashboardUrl } = await it.answer('DescribeDynamicInstanceDetail', { RayClusterId })
    assert.match(String(DashboardUrl), looks)
  }
})

test('its volumes are shown with where they come from; an unknown one is refused', async (t) => {
  const it = await startContainers(t, { request: rayCloudRequest() })
  const COSVolumes = [{ VolumeName: 'lake', Bucket: 'emrys-1250000001', SubPath: '/a' }]
  const CustomImage = { ImageSourceType: 'tcr', ImageInfo: { Image: 'registry.example/ray' } }
  const RayClusterId = await makeRay(it.cloud, it.id, rayForm({ COSVolumes, CustomImage }))
  const seen = await it.answer('DescribeDynamicInstanceDetail', { RayClusterId })
  const volumes = seen['PersistentVolume'] as Record<string, unknown>
  assert.deepEqual(volumes['StorageVolumeDetail'], [
    { VolumeName: 'lake', VolumeType: 'COS', Desc: 'bucket:emrys-1250000001/a' },
  ])
  const { ImageInfo } = seen['CustomImage'] as { ImageInfo: Record<string, unknown> }
  assert.equal(ImageInfo['Image'], CustomImage.ImageInfo.Image)
  const code = 'InvalidParameter.InvalidClusterId'
  await it.refused('DescribeDynamicInstanceDetail', [
    [{ RayClusterId: 1 }, code, 'RayClusterId'],
    [{ RayClusterId, InstanceId: 'emr-0' }, code, 'emr-0'],
  ])
})
