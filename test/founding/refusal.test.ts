/**
 * Every refusal of both founding actions teaches: it names the parameter, the value, the rule and a value that is taken, which is
 * sent. The places in the source that refuse are counted: one that nothing here reaches fails.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createInstanceV1 } from '../../src/dialect/alibaba/starrocks/instance/create-instance-v1.ts'
import { readBlueprint } from '../../src/dialect/tencent/emr/cluster/blueprint.ts'
import { createInstance } from '../../src/dialect/tencent/emr/cluster/create-instance.ts'
import type { CreationInput } from '../../src/dialect/tencent/emr/cluster/create-shape.ts'
import { Fault } from '../../src/domain/fault.ts'
import { alibabaClient, createBody } from '../support/http/alibaba-client.ts'
import { ask, REGION, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { breaches } from '../support/fixture/tencent-breach.ts'
import { satisfiedPrerequisites } from '../support/fixture/tencent-prerequisites.ts'
import { alibabaContradictions, alibabaSources, plainInstance } from './alibaba-breach.ts'
import { alibabaRefusals, tencentRefusals } from './refusal-text.ts'
import {
  declaredBreaches,
  parsed,
  pathOf,
  placed,
  valueAt,
  type Breach,
  type Request,
  type ReadRefusal,
} from './refusal.ts'

const TENCENT = sampleCreateRequest()
/** Members that mean nothing without another. */
const AROUND = {
  UnifyMetaInstanceId: { MetaType: 'EMR_EXIST_META' },
  MetaDBInfo: { MetaType: 'USER_CUSTOM_META' },
}
const AROUND_OBSERVERS = {
  'ObserverNodeGroups.0.storageSize': {
    FrontendNodeGroups: [{ cu: 8, storageSize: 200, residentNodeNumber: 3 }],
  },
}
/** What a message must not repeat. */
const SECRETS = ['Tencent@cloud123', 'onlyletters', 'weak', 'jdbc:oracle', 'Password1']
/** Their value is a secret, or may hold one. */
const SECRET_NAMES =
  /^Surprise$|Password|MetaDataPass|CosSecret|^LoginSettings$|^MetaDBInfo$|MetaDataJdbcUrl|^COSSettings$/
const COUNTED = /^\d+ (scripts|tags|zones|disks|items|characters|groups)$/

interface Answered {
  readonly code: string
  readonly message: string
}
type Send = (request: Request) => Promise<Answered>
type Read = (message: string) => readonly ReadRefusal[]

test('every refusal of CreateInstance names parameter, value, rule and a right value', async (t) => {
  const cloud = await startCloud(t)
  const english = { port: cloud.port, language: 'en-US' } as const
  const send: Send = (request) => ask(english, 'CreateInstance', request)
  const ruled = breaches.map(([code, members]) => ({
    title: `${code} of ${JSON.stringify(members)?.slice(0, 80)}`,
    request: { ...TENCENT, ...members },
  }))
  const unknown = { title: 'an unknown member', request: { ...TENCENT, Surprise: 1 } }
  for (const it of [...declaredBreaches(createInstance.input, TENCENT, AROUND), ...ruled, unknown])
    await t.test(it.title, () => holds(it, send, tencentRefusals))
})

test('every refusal of CreateInstanceV1 names parameter, value, rule and a right value', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const send: Send = async (request) => {
    try {
      await call('CreateInstanceV1', { body: request })
      return { code: '', message: '' }
    } catch (problem) {
      const { code, data } = problem as { code: string; data: Request }
      return { code, message: String(data['Message']) }
    }
  }
  const said: string[] = []
  const noting: Send = async (request) => {
    const answer = await send(request)
    said.push(answer.message)
    return answer
  }
  const declared = declaredBreaches(
    createInstanceV1.input,
    createBody(plainInstance),
    AROUND_OBSERVERS,
  )
  for (const it of [...declared, ...alibabaContradictions])
    await t.test(it.title, () => holds(it, noting, alibabaRefusals))
  for (const what of alibabaSources())
    assert.ok(
      said.some((message) => message.includes(what)),
      `nothing here is refused with: ${what}`,
    )
})

async function holds(it: Breach, send: Send, read: Read): Promise<void> {
  const { code, message } = await send(it.request)
  assert.notEqual(code, '', 'it is accepted')
  for (const secret of SECRETS) assert.ok(!message.includes(secret), message)
  const named = read(message)
  assert.ok(named.length > 0, message)
  if (it.name !== undefined) assert.equal(named[0]?.name, it.name, message)
  for (const each of named) {
    assert.notEqual(each.rule, '', message)
    checkValue(each, it.request, message)
  }
  const [first] = named
  if (!first) return
  const { name, example } = first
  const right = example === undefined ? undefined : parsed(example, name)
  const corrected = placed(it.request, pathOf(name), right === null ? undefined : right)
  const after = await send(corrected)
  const again = after.code === '' ? [] : read(after.message)
  assert.ok(
    !again.some((each) => each.name === name),
    `${message}\nwith the example: ${after.message}`,
  )
}

/** As it was sent, cut where it is long; lists and objects in brief. */
function checkValue({ name, value }: ReadRefusal, request: Request, message: string): void {
  const sent = valueAt(request, pathOf(name))
  if (SECRET_NAMES.test(name)) return
  // Of a configuration only the wrong part is named: its values may be secret.
  if (name === 'ExtendFsField') return
  // Clients leave members open in many ways.
  if (sent === undefined || sent === null || sent === 0 || sent === '') return
  assert.ok(value !== undefined, message)
  if (COUNTED.test(value) || value === '{…}' || value === '[…]') return
  const text = typeof sent === 'string' ? sent : JSON.stringify(sent)
  assert.ok(text.trim().toLowerCase().startsWith(value.replace(/…$/, '').toLowerCase()), message)
}

const SOURCES = [
  'emr/cluster/blueprint.ts',
  'emr/cluster/purchase.ts',
  'emr/cluster/place.ts',
  'emr/cluster/login.ts',
  'emr/cluster/option.ts',
  'emr/cluster/component-choice.ts',
  'emr/cluster/metadata.ts',
  'emr/cluster/configuration.ts',
  'emr/cluster/bootstrap.ts',
  'emr/node/plan.ts',
  'emr/node/disk-choice.ts',
  'emr/tag/rule.ts',
]
const DIALECT = join(import.meta.dirname, '../../src/dialect/tencent')
/** Not of a creation: the inquiry's own, and a database that was asked (test/scenario/metadata). */
const ELSEWHERE = [/Currency/, /MetaDBGroupInfo/, /missing\('ProductId'/, /class-without-nodes/]

test('every place in the source that refuses a CreateInstance is walked', async () => {
  const reached = new Set<string>()
  for (const [, members] of breaches) {
    const input = { ...TENCENT, ...members } as unknown as CreationInput
    const problem = await readBlueprint(input, REGION, satisfiedPrerequisites).catch(
      (refused: unknown) => refused,
    )
    assert.ok(problem instanceof Fault)
    for (const [, file, line] of problem.stack?.matchAll(/tencent\/(emr\/[\w/.-]+):(\d+):/g) ?? [])
      reached.add(`${file}:${line}`)
  }
  const open = SOURCES.flatMap((file) => {
    const lines = readFileSync(join(DIALECT, file), 'utf8').split('\n')
    return lines.flatMap((text, at) => {
      const refuses = /\bthrow \w+\(|\breturn (invalid|unsupportedValue)\(/.test(text)
      const around = lines.slice(Math.max(0, at - 3), at + 3).join('\n')
      if (!refuses || ELSEWHERE.some((part) => part.test(around))) return []
      return reached.has(`${file}:${at + 1}`) ? [] : [`${file}:${at + 1}${text}`]
    })
  })
  assert.deepEqual(open, [])
})
