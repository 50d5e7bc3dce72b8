import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constraints } from '../../../../src/dialect/alibaba/catalogue/constraint.ts'
import { computeComponentOf } from '../../../../src/dialect/alibaba/catalogue/instance-shape.ts'
import {
  checkNodeGroup,
  completeNodeGroup,
  defaultPolicy,
  type GroupPlace,
  type NodeGroupRequest,
} from '../../../../src/dialect/alibaba/catalogue/node-group.ts'
import { regionOf } from '../../../../src/dialect/alibaba/catalogue/region.ts'

function ask(
  packageType: 'trial' | 'official',
  runMode = 'shared_data',
  architecture = 'onEci',
  policy = defaultPolicy,
) {
  const region = regionOf('cn-hangzhou')
  assert.ok(region)
  return constraints({ architecture, packageType, runMode, region }, policy)
}

test('the answer has the documented members and no others', () => {
  assert.deepEqual(
    Object.keys(ask('official')),
    (
      'AgentCu BeCu BeCuOnEcs BeNumber BeStorageConstraints BigDataInstanceTypeConstraints FeCu ' +
      'FeCuOnEcs FeNumber FeSpecType FeStorage HaFeResourceSpec LocalSSDInstanceTypeConstraints ' +
      'NormalFeResourceSpec SpecType SplitDiskThresholdMap VersionConstraint ZoneSupportedEedTypes ' +
      'ZoneSupportedSpecTypes compactionServiceCuConstraint zoneSupportCompactionService'
    ).split(' '),
  )
})

test('the documented values come out', () => {
  const answer = ask('official', 'shared_nothing', 'onECS')
  assert.deepEqual(answer.FeNumber, { Default: 3, Max: 11, Min: 1, Step: 2 })
  assert.deepEqual(answer.FeStorage, { Default: 100, Max: 5000, Min: 100, Step: 100 })
  assert.deepEqual(answer.FeSpecType, [{ Display: '标准版', Name: 'standard' }])
  assert.equal(answer.VersionConstraint.DefaultVersion, '3.3')
  assert.deepEqual(answer.compactionServiceCuConstraint, { def: 16, max: 256, min: 8, step: 8 })
  assert.deepEqual(answer.LocalSSDInstanceTypeConstraints[0], {
    Cpu: 16,
    DiskNumber: '1',
    Display: '[i2g]16核 64GiB 1*1788GiB 本地SSD盘',
    EcsInstanceType: 'ecs.i2g.4xlarge',
    InstanceType: 'local_ssd_2g_4xlarge',
    IsDefault: 'true',
    Memory: 64,
    StorageSize: '1788',
  })
})

test('a trial instance has one size each and nothing of ECS', () => {
  const answer = ask('trial', 'shared_data', 'onEcs')
  assert.deepEqual(answer.FeCu, [4])
  assert.deepEqual(answer.BeCu, [8])
  assert.deepEqual(answer.FeNumber, { Default: 1, Max: 1, Min: 1, Step: 1 })
  assert.deepEqual(answer.AgentCu, [])
  assert.deepEqual(answer.LocalSSDInstanceTypeConstraints, [])
  assert.deepEqual(answer.ZoneSupportedSpecTypes, {
    'cn-hangzhou-i': ['standard'],
    'cn-hangzhou-j': ['standard'],
  })
})

test('on ECI there are no local disks', () => {
  const answer = ask('official')
  assert.deepEqual(answer.BigDataInstanceTypeConstraints, [])
  assert.deepEqual(
    answer.SpecType.map((type) => type.Name),
    ['standard', 'ramEnhanced', 'networkEnhanced'],
  )
})

test('what the answer offers is accepted, and one step beyond it is refused', () => {
  const policies = [
    defaultPolicy,
    { ...defaultPolicy, minimumStorageGb: 200, strictBackendNumber: true },
  ]
  let seen = 0
  for (const policy of policies) {
    for (const packageType of ['trial', 'official'] as const) {
      for (const runMode of ['shared_nothing', 'shared_data']) {
        const answer = ask(packageType, runMode, 'onEci', policy)
        const place: GroupPlace = {
          component: computeComponentOf(runMode),
          packageType,
          architecture: 'onEci',
          defaultGroup: true,
        }
        const passes = (request: NodeGroupRequest, at = place) =>
          checkNodeGroup(completeNodeGroup(request, at, policy), at, policy).length === 0
        const { Min, Max } = answer.BeNumber
        for (const [number, good] of [
          [Min - 1, false],
          [Min, true],
          [Max, true],
          [Max + 1, false],
        ] as const) {
          assert.equal(passes({ residentNodeNumber: number }), good)
        }
        for (const { Level, ValueConstraint: size } of answer.BeStorageConstraints) {
          const at = (storageSize: number) =>
            passes({ storagePerformanceLevel: Level, storageSize })
          assert.ok(at(size.Min) && at(size.Max) && at(size.Default) && at(size.Min + size.Step))
          assert.ok(!at(size.Min - size.Step) && !at(size.Max + size.Step) && !at(size.Min + 1))
        }
        const fe: GroupPlace = { ...place, component: 'FE' }
        for (const cu of answer.BeCu) assert.ok(passes({ cu }))
        for (const cu of answer.FeCu) assert.ok(passes({ cu }, fe))
        assert.ok(!passes({ cu: 7 }) && !passes({ cu: 7 }, fe))
        for (const { Name } of answer.SpecType) assert.ok(passes({ specType: Name }))
        seen += 1
      }
    }
  }
  assert.equal(seen, 8)
})

test('the default frontends that are advertised are accepted', () => {
  const place: GroupPlace = {
    component: 'FE',
    packageType: 'official',
    architecture: 'onEci',
    defaultGroup: true,
  }
  const { HaFeResourceSpec, NormalFeResourceSpec } = ask('official')
  for (const { Cu, NodeNumber, StorageSize } of [HaFeResourceSpec, NormalFeResourceSpec]) {
    const request = { cu: Cu, residentNodeNumber: NodeNumber, storageSize: StorageSize }
    assert.deepEqual(checkNodeGroup(completeNodeGroup(request, place), place), [])
  }
})
