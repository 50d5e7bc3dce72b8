/**
 * Who may do what, asked of every built action of both dialects over the wire. The cases are made from the dialects' lists: an
 * action that is added there is asked for here from then on (and needs a legal request in test/support).
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Action } from '../../src/gateway/action.ts'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { wires, type Key, type Statement, type Wire } from '../support/http/wire.ts'

interface Stage {
  readonly cloud: Cloud
  readonly wire: Wire
  /** A cluster that nothing else touches, running. */
  fresh(): Promise<string>
  /** A key of a new user with these policies. */
  user(...statements: readonly Statement[]): Promise<Key>
}

for (const wire of wires) {
  test(`${wire.dialect}: every action is refused to a caller without the permission, and done for one with it`, async (t) => {
    const stage = await startStage(t, wire)
    const { cloud } = stage
    const disabled = await stage.user({ effect: 'allow', action: '*' })
    await cloud.identity.keys.setStatus(disabled.keyId, 'disabled')
    const nobody = await stage.user()
    const strangers = await otherAccount(cloud, wire)
    const victim = await stage.fresh()
    assert.ok(wire.actions.length >= 8)

    for (const action of wire.actions) {
      const ask = (cluster: string, sending: Parameters<Wire['send']>[3]) =>
        wire.send(cloud.port, action.name, wire.legal(action.name, cluster), sending)
      const complete = async (cluster: string, options: Parameters<Wire['send']>[3]) =>
        wire.send(
          cloud.port,
          action.name,
          await wire.complete(cloud, action.name, cluster),
          options,
        )
      const { refusals } = wire

      for (const [title, sending, code] of [
        ['without a signature', { unsigned: true }, refusals.unsigned],
        [
          'with a wrong signature',
          { key: { ...nobody, secret: 'wrong' } },
          refusals.wrongSignature,
        ],
        ['with an unknown key', { key: { keyId: 'AKIDNOBODY', secret: 's' } }, refusals.unknownKey],
        ['with a disabled key', { key: disabled }, refusals.disabledKey],
      ] as const) {
        await t.test(`${action.name} ${title} is refused with ${code}`, async () => {
          await unchanged(stage, victim, async () => {
            assert.equal((await ask(victim, sending)).code, code)
          })
        })
      }

      await t.test(`${action.name} is refused to a user without a policy`, () =>
        unchanged(stage, victim, async () => {
          const reply = await ask(victim, { key: nobody })
          expectDenied(wire, action, reply, 'implicit')
        }),
      )

      await t.test(
        `${action.name} is refused where it is denied, whatever else is allowed`,
        async () => {
          const key = await stage.user(
            { effect: 'allow', action: '*' },
            { effect: 'deny', action: action.permission.action },
          )
          await unchanged(stage, victim, async () => {
            expectDenied(wire, action, await ask(victim, { key }), 'explicit')
          })
        },
      )

      await t.test(
        `${action.name} is done for a user who may do only this, as for the root`,
        async () => {
          const key = await stage.user({ effect: 'allow', action: action.permission.action })
          const asRoot = await complete(await stage.fresh(), {})
          const asUser = await complete(await stage.fresh(), { key })
          assert.equal(asRoot.code, '', asRoot.text)
          assert.equal(asUser.code, '', asUser.text)
          const others = wire.actions.filter((each) => each !== action)
          const other = others[wire.actions.indexOf(action) % others.length]!
          const reply = await wire.send(cloud.port, other.name, wire.legal(other.name, victim), {
            key,
          })
          expectDenied(wire, other, reply, 'implicit')
        },
      )

      await t.test(`${action.name} does nothing with another account's cluster`, async () => {
        for (const key of strangers) {
          await unchanged(stage, victim, async () => {
            const reply = await ask(victim, { key })
            assert.ok(!reply.text.includes(nameOf(victim)), reply.text)
            assert.ok(!wire.refusals.denied.test(reply.code), reply.text)
          })
        }
      })

      if (!namesCluster(wire, action, victim, cloud)) continue
      await t.test(
        `${action.name} is done for a user of that one cluster and refused for others`,
        async () => {
          const mine = await stage.fresh()
          const resource = wire.resource(wire.account, mine)
          const key = await stage.user({ effect: 'allow', action: '*', resource })
          const asRoot = await ask(await stage.fresh(), {})
          assert.equal((await ask(mine, { key })).code, asRoot.code)
          await unchanged(stage, victim, async () => {
            expectDenied(wire, action, await ask(victim, { key }), 'implicit')
          })
        },
      )
    }
  })
}

async function startStage(t: TestContext, wire: Wire): Promise<Stage> {
  const cloud = await startCloud(t)
  const { users, keys, policies } = cloud.identity
  let made = 0
  return {
    cloud,
    wire,
    async fresh() {
      const id = await wire.create(cloud.port, { name: `name-${made++}` })
      await cloud.settle()
      return id
    },
    async user(...statements) {
      const name = `user-${made++}`
      const { account } = wire
      await users.add({ account, name })
      if (statements.length > 0) {
        await policies.add({ account, name: `policy-of-${name}`, text: wire.policy(statements) })
        await users.attach({ account, name, policy: `policy-of-${name}` })
      }
      const { key, secret } = await keys.add({ account, user: name })
      return { keyId: key.id, secret }
    },
  }
}

/** The root of another account, and a user in it who may do everything there. */
async function otherAccount({ identity }: Cloud, wire: Wire): Promise<readonly Key[]> {
  const { dialect } = wire
  const { account } = await identity.accounts.add({ dialect, name: 'other', serviceRoles: true })
  await identity.users.add({ account, name: 'all' })
  await identity.users.attach({ account, name: 'all', policy: wire.everything })
  const made = [
    await identity.keys.add({ account }),
    await identity.keys.add({ account, user: 'all' }),
  ]
  return made.map(({ key, secret }) => ({ keyId: key.id, secret }))
}

const names = new Map<string, string>()

function nameOf(cluster: string): string {
  const name = names.get(cluster)
  assert.ok(name)
  return name
}

/** Whatever is asked meanwhile, the cluster is afterwards what it was. */
async function unchanged(
  { cloud }: Stage,
  cluster: string,
  work: () => Promise<void>,
): Promise<void> {
  const look = () => cloud.store.read((tx) => tx.findById('cluster', cluster))
  const before = await look()
  assert.equal(before?.document.status.state, 'running')
  names.set(cluster, before.document.name)
  await work()
  assert.deepEqual(await look(), before)
}

function expectDenied(
  wire: Wire,
  action: Action,
  reply: Awaited<ReturnType<Wire['send']>>,
  kind: 'implicit' | 'explicit',
): void {
  assert.match(reply.code, wire.refusals.denied, reply.text)
  if (wire.dialect === 'tencent') {
    assert.ok(reply.message.includes(`operation (${action.permission.action})`), reply.message)
    assert.match(reply.message, /resource \((\*|qcs::emr:.*)\) has no permission$/)
    return
  }
  const detail = reply.body['AccessDeniedDetail'] as Record<string, string>
  assert.equal(detail['AuthAction'], action.permission.action)
  assert.equal(detail['NoPermissionType'], kind === 'explicit' ? 'ExplicitDeny' : 'ImplicitDeny')
  assert.equal(detail['AuthPrincipalType'], 'SubUser')
  assert.equal(detail['AuthPrincipalOwnerId'], wire.account)
}

function namesCluster(wire: Wire, action: Action, cluster: string, cloud: Cloud): boolean {
  const dialect = cloud.dialects.find((each) => each.name === wire.dialect)!
  const principal = {
    account: wire.account,
    tenant: '',
    kind: 'user',
    id: '',
    name: '',
    policies: [],
  }
  const call = {
    requestId: '',
    principal,
    region: wire.region,
    product: '',
    action: '',
    language: 'en',
  }
  const resources = action.resources(call as never, wire.legal(action.name, cluster))
  return resources.some((resource) => dialect.clusterIn(resource) === cluster)
}
