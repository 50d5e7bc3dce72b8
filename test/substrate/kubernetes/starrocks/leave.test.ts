import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '../../../../src/kernel/log.ts'
import type { KubernetesClient } from '../../../../src/substrate/kubernetes/client.ts'
import type { KubernetesObject } from '../../../../src/substrate/kubernetes/resource.ts'
import type { StarrocksDriver } from '../../../../src/substrate/kubernetes/starrocks/driver.ts'
import type { Frontends, Member } from '../../../../src/substrate/kubernetes/starrocks/frontend.ts'
import { leave } from '../../../../src/substrate/kubernetes/starrocks/leave.ts'
import type { Look } from '../../../../src/substrate/kubernetes/starrocks/look.ts'
import {
  nextNote,
  noteOf,
  withNoteNodes,
} from '../../../../src/substrate/kubernetes/starrocks/note.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import {
  instanceSpec,
  partGroup,
  sampleInstallation,
  sampleProvision,
} from '../../../support/fixture/starrocks-instance.ts'

const spec = instanceSpec([partGroup('fe', 5), partGroup('be', 1)])
const whole = nextNote(
  { id: 'c-1', name: 'sample', spec, reveal: () => undefined },
  { was: undefined, pods: new Map(), nowMs: 0 },
)
/** Two front ends shall go. */
const note = withNoteNodes(whole, (node) =>
  ['fe-3', 'fe-4'].includes(node.id) ? { ...node, going: true } : node,
)

interface World {
  readonly leader?: number
  readonly dead?: readonly number[]
  readonly listed?: number
  readonly pods?: number
  readonly replicas?: number
}

/** What is done in a world of five front ends, but for this. */
async function done({ leader = 0, dead = [], listed = 5, pods = 5, replicas = 5 }: World) {
  const steps: string[] = []
  const member = (at: number): Member => ({
    host: `sr-fe-${at}.x`,
    port: 9010,
    role: at === leader ? 'leader' : 'follower',
    alive: !dead.includes(at),
    decommissioned: false,
    tablets: 0,
  })
  const podAt = (at: number): KubernetesObject => ({
    metadata: { name: `sr-fe-${at}`, uid: `uid-${at}` },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  })
  const look: Look = {
    namespace: { metadata: { name: 'n' } },
    removing: false,
    note,
    noteVersion: '1',
    cluster: { metadata: { name: 'sr' }, spec: { starRocksFeSpec: { replicas } } },
    sets: new Map(),
    pods: new Map(Array.from({ length: pods }, (_, at) => [`sr-fe-${at}`, podAt(at)])),
    claims: new Map(),
    leftClaims: [],
    services: new Map(),
  }
  const client: Partial<KubernetesClient> = {
    async remove({ name }) {
      steps.push(`pod ${name} goes`)
    },
    async merge(_key, members) {
      steps.push(JSON.stringify(members))
      return podAt(0)
    },
    async apply(object) {
      const nodes = noteOf(object)?.groups[0]?.nodes.length
      steps.push(`${nodes} are noted`)
      return object
    },
  }
  const frontends: Partial<Frontends> = {
    async change(_access, verb, { host }) {
      steps.push(`${verb} ${host}`)
    },
  }
  const driver = {
    client,
    frontends,
    installation: sampleInstallation,
    provision: sampleProvision,
    clock: systemClock(),
    log: silentLogger(),
    reach: (address: string) => address,
  } as StarrocksDriver
  const members = Array.from({ length: listed }, (_, at) => member(at))
  await leave(driver, look, { logins: new Map(), members, access: { host: 'h', password: '' } })
  return steps
}

test('front ends go one at a time, the highest first, and each step follows from what is there', async () => {
  assert.deepEqual(await done({}), ['drop sr-fe-4.x'])
  assert.deepEqual(await done({ listed: 4 }), ['{"spec":{"starRocksFeSpec":{"replicas":4}}}'])
  assert.deepEqual(await done({ listed: 4, replicas: 4 }), [])
  assert.deepEqual(await done({ listed: 4, replicas: 4, pods: 4 }), ['4 are noted'])
})

test('a leader is replaced first, and none goes that is needed for a majority', async () => {
  assert.deepEqual(await done({ leader: 4 }), ['pod sr-fe-4 goes'])
  assert.deepEqual(await done({ dead: [1, 2] }), [])
  assert.deepEqual(await done({ dead: [1, 4] }), ['drop sr-fe-4.x'])
})
