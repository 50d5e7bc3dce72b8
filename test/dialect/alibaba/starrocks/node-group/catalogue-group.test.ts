import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random } from '../../../../../src/kernel/random.ts'
import { catalogueGroup } from '../../../../../src/dialect/alibaba/starrocks/node-group/catalogue-group.ts'
import { groupsOf } from '../../../../../src/dialect/alibaba/starrocks/node-group/new-group.ts'

const cloud = {
  cu: 16,
  residentNodeNumber: 3,
  storageSize: 500,
  diskNumber: 2,
  storagePerformanceLevel: 'pl2',
  specType: 'ramEnhanced',
  localStorageInstanceType: 'non_local_storage',
  zoneId: 'z',
}
const local = {
  ...cloud,
  specType: 'localSSD',
  diskNumber: 1,
  storageSize: 1788,
  localStorageInstanceType: 'local_ssd_2g_4xlarge',
}

test('what was made of a group leads back to the same group', () => {
  for (const group of [cloud, local, { ...cloud, residentNodeNumber: 0 }]) {
    const named = { group, component: 'CN', defaultGroup: true, name: '', description: '' } as const
    const [made] = groupsOf(
      { frontends: [], backends: [named], observers: [], agentCu: undefined },
      { random: random('group'), zone: 'z', subnetIn: () => 's' },
    )
    assert.deepEqual(catalogueGroup(made!), group)
  }
})

test('an agent has no disks', () => {
  const [agent] = groupsOf(
    { frontends: [], backends: [], observers: [], agentCu: 2 },
    { random: random('agent'), zone: 'z', subnetIn: () => 's' },
  )
  const { cu, storageSize, diskNumber } = catalogueGroup(agent!)
  assert.deepEqual([cu, storageSize, diskNumber], [2, 0, 0])
})
