import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions } from '../../../../src/dialect/alibaba/actions.ts'
import { action } from '../../../../src/dialect/alibaba/starrocks/action.ts'

test('every built action is where the service declares it', () => {
  const places = actions.map(({ name, route }) => `${route?.method} ${route?.path} ${name}`)
  assert.deepEqual(places, [
    'POST /webapi/resourceGroup/change ChangeResourceGroup',
    'POST /webapi/cluster/createV1 CreateInstanceV1',
    'POST /webapi/zone/describeZones DescribeAvailableZones',
    'POST /webapi/starrocks/describeInstances DescribeInstances',
    'POST /webapi/nodegroup/describeNodeGroups DescribeNodeGroups',
    'POST /webapi/region/list DescribeRegions',
    'POST /webapi/operation/listOperationHistory ListOperationHistory',
    'POST /webapi/resourceChange/modifyCu ModifyCu',
    'POST /webapi/resourceChange/modifyDiskSize ModifyDiskSize',
    'POST /webapi/resourceChange/modifyNodeNumber ModifyNodeNumber',
    'POST /webapi/price/create QueryPriceV1',
    'POST /webapi/cluster/release ReleaseInstance',
    'POST /webapi/starrocks/restartCluster RestartInstance',
    'POST /webapi/nodegroup/restart RestartNodeGroup',
    'POST /webapi/tags TagResources',
    'DELETE /webapi/tags UnTagResources',
    'POST /webapi/cluster/update_name UpdateInstanceName',
    'POST /webapi/nodegroup/updateDescription UpdateNodeGroupDescription',
  ])
})

test('product, version and permission are those of the service', () => {
  for (const { name, product, version, permission } of actions)
    assert.deepEqual(
      { product, version, permission },
      { product: 'starrocks', version: '2022-10-19', permission: { action: `sr:${name}` } },
    )
})

test('an action that the service does not declare cannot be built', () => {
  assert.throws(
    () =>
      action({
        name: 'DescribeNothing',
        input: {},
        output: {},
        faults: [],
        run: () => Promise.resolve({}),
      }),
    /has no action DescribeNothing/,
  )
})
