/**
 * Of two things that are wrong with a CreateInstance, a client hears the one that is checked first (reference: tencent-emr.md
 * 2.8): every pair of the documented places, over the wire.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import { tencentStage, type Members } from './tencent-stage.ts'

type Breach = (request: Members) => Members

const member =
  (name: string, value: unknown): Breach =>
  (request) => ({ ...request, [name]: value })
const inside =
  (outer: string, name: string, value: unknown): Breach =>
  (request) => ({ ...request, [outer]: { ...(request[outer] as Members), [name]: value } })
const inCore =
  (name: string, value: unknown): Breach =>
  (request) => {
    const spec = request['ResourceSpec'] as Members
    const resource = { ...(spec['CoreResourceSpec'] as Members), [name]: value }
    return { ...request, ResourceSpec: { ...spec, CoreResourceSpec: resource } }
  }
const software =
  (...names: readonly string[]): Breach =>
  (request) => ({ ...request, Software: [...(request['Software'] as string[]), ...names] })

/** In the documented order; breakings of one place exclude each other. */
const PLACES: readonly (readonly [code: string, breach: Breach])[] = [
  ['UnknownParameter', member('Surprise', 1)],
  ['MissingParameter', member('InstanceName', undefined)],
  ['InvalidParameter.InvalidProductId', member('ProductId', 999)],
  ['InvalidParameter.InvalidPaymode', member('PayMode', 9)],
  ['InvalidParameter.InvalidTimeUnit', member('TimeUnit', 'y')],
  ['InvalidParameter.InvalidTimeSpan', member('TimeSpan', 7)],
  ['InvalidParameter.InvalidAutoRenew', member('AutoRenew', 9)],
  ['InvalidParameter.InvalidInstanceName', member('InstanceName', 'x')],
  ['InvalidParameter.InvalidPassword', inside('LoginSettings', 'Password', 'weak')],
  ['InvalidParameter.InvalidSupportHA', member('SupportHA', 9)],
  ['InvalidParameter.InvalidZone', inside('Placement', 'Zone', 'nowhere')],
  ['InvalidParameter.InvalidProjectId', inside('Placement', 'ProjectId', -1)],
  ['InvalidParameter.InvalidVpcId', inside('VPCSettings', 'VpcId', 'net')],
  ['InvalidParameter.InvalidSubnetId', inside('VPCSettings', 'SubnetId', 'net')],
  ['InvalidParameter.InvalidSercurityGrpupId', member('SgId', 'sg-1')],
  ['InvalidParameter.InvalidSoftInfo', software('!')],
  ['InvalidParameter.InvalidComponent', software('teleport')],
  ['InvalidParameter.SoftwareNotInProduct', software('clickhouse')],
  ['InvalidParameter.InvalidSoftWareVersion', software('hive-9.9.9')],
  ['InvalidParameter.InvalidSoftWare', software('livy')],
  ['InvalidParameter.IncorrectCommonCount', inside('ResourceSpec', 'CommonCount', 1)],
  ['InvalidParameter.IncorrectMasterCount', inside('ResourceSpec', 'MasterCount', 5)],
  ['InvalidParameter.InvaildCoreCount', inside('ResourceSpec', 'CoreCount', 21)],
  ['InvalidParameter.InvalidResourceSpec', inCore('Cpu', 5)],
  ['InvalidParameter.InvalidDiskSize', inCore('DiskSize', 105)],
  ['InvalidParameter.InvalidMetaType', member('MetaType', 'OTHER')],
  ['InvalidParameter.InvalidExtendField', member('ExtendFsField', '{}')],
  ['InvalidParameter.InvalidPreExecutedFile', member('PreExecutedFileSettings', [{}])],
  ['InvalidParameterValue', member('Tags', [{ TagKey: 'qcloud', TagValue: '' }])],
  ['InvalidParameter.InvalidClientToken', member('ClientToken', 'x'.repeat(65))],
]

test('of two problems the one that the documents check first is reported', async (t) => {
  const { refused } = tencentStage(await startCloud(t), t)
  for (const [at, [code, breach]] of PLACES.entries()) {
    assert.equal((await refused(breach(sampleCreateRequest()))).code, code)
    for (const [laterCode, later] of PLACES.slice(at + 1)) {
      // What breaks the same member cannot be wrong in two ways at once.
      const both = breach(later(sampleCreateRequest()))
      if (JSON.stringify(both) === JSON.stringify(breach(sampleCreateRequest()))) continue
      assert.equal((await refused(both)).code, code, `before ${laterCode}`)
    }
  }
})
