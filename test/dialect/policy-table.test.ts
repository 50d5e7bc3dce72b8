/**
 * One table of policy cases, each written in both languages and asked the same question: whatever one refuses for a
 * reason that both languages have, the other must refuse as well.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { askCam, askRam, outcome } from '../suite/policy.ts'
import type { Outcome } from '../suite/policy.ts'

interface Row {
  readonly name: string
  /** Effect, action, resource of each statement, in RAM's words and in CAM's. */
  readonly ram: readonly [effect: string, action: unknown, resource: unknown][]
  readonly cam: readonly [effect: string, action: unknown, resource: unknown][]
  readonly action?: readonly [ram: string, cam: string]
  readonly id?: readonly [ram: string, cam: string]
  readonly is: Outcome
}

const create = ['sr:CreateInstanceV1', 'emr:CreateInstance'] as const
const read = ['sr:DescribeInstances', 'emr:DescribeInstances'] as const
const one = ['instance/c-1', 'emr-instance/emr-1'] as const

const ramAll = ['Allow', '*', '*'] as const
const camAll = ['allow', '*', '*'] as const

/** A row whose statements differ between the languages in the action alone. */
function actions(
  name: string,
  [ramAction, camAction]: readonly [unknown, unknown],
  is: Outcome,
  action: readonly [string, string] = read,
): Row {
  return { name, ram: [['Allow', ramAction, '*']], cam: [['allow', camAction, '*']], action, is }
}

function resources(
  name: string,
  [ramText, camText]: readonly [unknown, unknown],
  is: Outcome,
  id: readonly [string, string] = one,
): Row {
  return { name, ram: [['Allow', '*', ramText]], cam: [['allow', '*', camText]], id, is }
}

const rows: readonly Row[] = [
  { name: 'allow everything', ram: [[...ramAll]], cam: [[...camAll]], is: 'allow' },
  { name: 'deny everything', ram: [['Deny', '*', '*']], cam: [['deny', '*', '*']], is: 'explicit' },
  {
    name: 'an allow, then a deny',
    ram: [[...ramAll], ['Deny', 'sr:Create*', '*']],
    cam: [[...camAll], ['deny', 'emr:Create*', '*']],
    is: 'explicit',
  },
  {
    name: 'a deny, then an allow',
    ram: [['Deny', 'sr:Create*', '*'], [...ramAll]],
    cam: [['deny', 'emr:Create*', '*'], [...camAll]],
    is: 'explicit',
  },
  {
    name: 'a deny of another action',
    ram: [[...ramAll], ['Deny', 'sr:Release*', '*']],
    cam: [[...camAll], ['deny', 'emr:Terminate*', '*']],
    is: 'allow',
  },
  {
    name: 'a deny of the exact resource under an allow of all',
    ram: [[...ramAll], ['Deny', '*', 'acs:sr:*:*:instance/c-1']],
    cam: [[...camAll], ['deny', '*', 'qcs::emr:::emr-instance/emr-1']],
    id: one,
    is: 'explicit',
  },
  {
    name: 'a deny of another resource under an allow of all',
    ram: [[...ramAll], ['Deny', '*', 'acs:sr:*:*:instance/c-2']],
    cam: [[...camAll], ['deny', '*', 'qcs::emr:::emr-instance/emr-2']],
    id: one,
    is: 'allow',
  },
  {
    name: 'a deny with the exact action, an allow with a wildcard',
    ram: [
      ['Allow', 'sr:*', '*'],
      ['Deny', 'sr:CreateInstanceV1', '*'],
    ],
    cam: [
      ['allow', 'emr:*', '*'],
      ['deny', 'emr:CreateInstance', '*'],
    ],
    is: 'explicit',
  },
  {
    name: 'two allows, one of which matches',
    ram: [
      ['Allow', 'sr:List*', '*'],
      ['Allow', 'sr:Create*', '*'],
    ],
    cam: [
      ['allow', 'emr:Inquiry*', '*'],
      ['allow', 'emr:Create*', '*'],
    ],
    is: 'allow',
  },
  actions('the exact action', ['sr:DescribeInstances', 'emr:DescribeInstances'], 'allow'),
  actions('another action', ['sr:DescribeNodeGroups', 'emr:DescribeClusterNodes'], 'implicit'),
  actions('an action that is only a prefix', ['sr:Describe', 'emr:Describe'], 'implicit'),
  actions(
    'a list of actions',
    [
      ['sr:A', 'sr:DescribeInstances'],
      ['emr:A', 'emr:DescribeInstances'],
    ],
    'allow',
  ),
  actions(
    'a list without the action',
    [
      ['sr:A', 'sr:B'],
      ['emr:A', 'emr:B'],
    ],
    'implicit',
  ),
  actions('all actions of the product', ['sr:*', 'emr:*'], 'allow'),
  actions('all actions of another product', ['ecs:*', 'cvm:*'], 'implicit'),
  actions('a verb with a star', ['sr:Describe*', 'emr:Describe*'], 'allow'),
  actions('another verb with a star', ['sr:Get*', 'emr:Get*'], 'implicit'),
  actions('a star in the middle', ['sr:Desc*Instances', 'emr:Desc*Instances'], 'allow'),
  actions('a star in front', ['sr:*Instances', 'emr:*Instances'], 'allow'),
  actions('a star for nothing', ['sr:DescribeInstances*', 'emr:DescribeInstances*'], 'allow'),
  actions(
    'a question mark for one character',
    ['sr:DescribeInstance?', 'emr:DescribeInstance?'],
    'allow',
  ),
  actions(
    'a question mark for no character',
    ['sr:DescribeInstances?', 'emr:DescribeInstances?'],
    'implicit',
  ),
  actions('lower case', ['sr:describeinstances', 'emr:describeinstances'], 'allow'),
  actions('upper case with a star', ['SR:DESCRIBE*', 'EMR:DESCRIBE*'], 'allow'),
  actions('a star for the product', ['*:Describe*', '*:Describe*'], 'allow'),
  actions('a product that ends alike', ['xsr:*', 'xemr:*'], 'implicit'),
  actions(
    'the other prefix',
    ['starrocks:DescribeInstances', 'name/emr:DescribeInstances'],
    'allow',
  ),
  actions('the other prefix and a star', ['starrocks:Describe*', 'name/emr:Describe*'], 'allow'),
  actions('the other prefix in the request', ['sr:Describe*', 'emr:Describe*'], 'allow', [
    'starrocks:DescribeInstances',
    'name/emr:DescribeInstances',
  ]),
  resources(
    'the exact resource',
    [
      'acs:sr:cn-hangzhou:1000000000000001:instance/c-1',
      'qcs::emr:ap-guangzhou:uin/100000000001:emr-instance/emr-1',
    ],
    'allow',
  ),
  resources(
    'another resource',
    ['acs:sr:*:*:instance/c-2', 'qcs::emr:::emr-instance/emr-2'],
    'implicit',
  ),
  resources(
    'a resource that is only a prefix',
    ['acs:sr:*:*:instance/c-', 'qcs::emr:::emr-instance/emr-'],
    'implicit',
  ),
  resources(
    'all resources of a type',
    ['acs:sr:*:*:instance/*', 'qcs::emr:::emr-instance/*'],
    'allow',
  ),
  resources(
    'all resources of another type',
    ['acs:sr:*:*:backup/*', 'qcs::emr:::emr-vm/*'],
    'implicit',
  ),
  resources('all resources of the product', ['acs:sr:*:*:*', 'qcs::emr:::*'], 'allow'),
  resources('another product', ['acs:ecs:*:*:*', 'qcs::cvm:::*'], 'implicit'),
  resources('any product', ['acs:*:*:*:*', 'qcs:::::*'], 'allow'),
  resources('another region', ['acs:sr:cn-beijing:*:*', 'qcs::emr:ap-beijing::*'], 'implicit'),
  resources('the region', ['acs:sr:cn-hangzhou:*:*', 'qcs::emr:ap-guangzhou::*'], 'allow'),
  resources('a region by wildcard', ['acs:sr:cn-*:*:*', 'qcs::emr:ap-*::*'], 'allow'),
  resources(
    'another account',
    ['acs:sr:*:1000000000000009:*', 'qcs::emr::uin/100000000009:*'],
    'implicit',
  ),
  resources(
    'the account',
    ['acs:sr:*:1000000000000001:*', 'qcs::emr::uin/100000000001:*'],
    'allow',
  ),
  resources(
    'a list with the resource',
    [
      ['acs:sr:*:*:x', 'acs:sr:*:*:instance/c-1'],
      ['qcs::emr:::x', 'qcs::emr:::emr-instance/emr-1'],
    ],
    'allow',
  ),
  resources(
    'a question mark',
    ['acs:sr:*:*:instance/c-?', 'qcs::emr:::emr-instance/emr-?'],
    'allow',
  ),
  resources(
    'a star that would have to leave its segment',
    ['acs:sr:cn*c-1:*:x', 'qcs::emr:ap*emr-1::x'],
    'implicit',
  ),
  resources(
    'a name in another case',
    ['acs:sr:*:*:instance/C-1', 'qcs::emr:::emr-instance/EMR-1'],
    'implicit',
  ),
  resources(
    'one resource, asked about all',
    ['acs:sr:*:*:instance/c-1', 'qcs::emr:::emr-instance/emr-1'],
    'implicit',
    ['*', '*'],
  ),
  resources(
    'every resource of the product, asked about all',
    ['acs:sr:*:*:*', 'qcs::emr:::*'],
    'allow',
    ['*', '*'],
  ),
]

for (const row of rows) {
  const [ramAction, camAction] = row.action ?? create
  const [ramId, camId] = row.id ?? ['*', '*']
  test(`RAM: ${row.name}: ${row.is}`, () => {
    const statements = row.ram.map(([Effect, Action, Resource]) => ({ Effect, Action, Resource }))
    assert.equal(outcome(askRam(statements, {}, ramAction, ramId)), row.is)
  })
  test(`CAM: ${row.name}: ${row.is}`, () => {
    const statements = row.cam.map(([effect, action, resource]) => ({ effect, action, resource }))
    assert.equal(outcome(askCam(statements, {}, camAction, camId)), row.is)
  })
}
