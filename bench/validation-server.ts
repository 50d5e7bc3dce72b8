/**
 * One Emrys with three doors to the same store: the server as it is, and two that know each request to be good. Those verify
 * signatures as it does, but neither check, nor authorise, nor ask what is around a cluster: they create a cluster that was
 * made ready beforehand, with fresh ids. `allocated` takes addresses and stock for it; `bare` does not even do that, as before
 * there was an environment. For the bench alone: the product has no such door.
 */
import { Fault } from '../src/domain/fault.ts'
import type { NewCluster } from '../src/app/cluster/create.ts'
import type { Call } from '../src/app/call.ts'
import type { Core } from '../src/app/core.ts'
import { loadConfig } from '../src/config/config.ts'
import { createInstance } from '../src/dialect/tencent/emr/cluster/create-instance.ts'
import { tencent } from '../src/dialect/tencent/dialect.ts'
import type { Action } from '../src/gateway/action.ts'
import type { Dialect } from '../src/gateway/dialect.ts'
import { gateway } from '../src/gateway/gateway.ts'
import { httpHost } from '../src/gateway/host.ts'
import { createNonceCache } from '../src/gateway/nonce-cache.ts'
import { throttle } from '../src/gateway/throttle.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { startServer, type Server } from '../src/server/server.ts'
import { object } from '../src/shape/shape.ts'
import { createBody } from './request.ts'

const ACCOUNT = '100000000001'
const USER = 'bench'

const [dataDir = ''] = process.argv.slice(2)
const flags = {
  'data-dir': dataDir,
  port: '0',
  'requests-per-second': '0',
  'simulation.default': 'time:3600',
}
const server = await startServer({ config: loadConfig({ flags }).config })
const key = await userKey(server)
const newCluster = await readyCluster(server.core)
const hosts = [
  await door(server, newCluster),
  await door(server, () => {
    const { allocation: _, ...rest } = newCluster()
    return rest
  }),
]
const [allocated, bare] = hosts
process.send?.({
  port: server.port,
  ports: { full: server.port, allocated: allocated?.port, bare: bare?.port },
  key,
})
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMicros: user + system })
})
process.on('disconnect', () => {
  const closed = Promise.all([server.close(), ...hosts.map(({ close }) => close())])
  void closed.then(() => process.exit(0))
})

/** Somebody who may create by policies, so that there is something to authorise. */
async function userKey({ identity }: Server): Promise<{ keyId: string; secret: string }> {
  const named = { account: ACCOUNT, name: USER }
  await identity.users.add(named)
  const policies = [
    { effect: 'allow', action: ['emr:Describe*', 'emr:Inquiry*'], resource: '*' },
    { effect: 'deny', action: 'emr:Terminate*', resource: '*' },
    {
      effect: 'allow',
      action: 'emr:CreateInstance',
      resource: '*',
      condition: { ip_equal: { 'qcs:ip': ['127.0.0.0/8', '10.0.0.0/8'] } },
    },
  ]
  for (const [at, statement] of policies.entries()) {
    const text = JSON.stringify({ version: '2.0', statement: [statement] })
    await identity.policies.add({ account: ACCOUNT, name: `bench-${at}`, text })
    await identity.users.attach({ ...named, policy: `bench-${at}` })
  }
  const { key: made, secret } = await identity.keys.add({ account: ACCOUNT, user: USER })
  return { keyId: made.id, secret }
}

/** What the action makes of a good request, caught where it hands it to the core. */
async function readyCluster(core: Core): Promise<() => NewCluster> {
  let caught: (() => NewCluster) | undefined
  const clusters: Core['clusters'] = {
    ...core.clusters,
    created: async () => undefined,
    async create(_call, request) {
      caught = request.newCluster
      return { cluster: '', order: '' }
    },
  }
  await createInstance.run({ ...core, clusters }, call(), createBody(0) as never)
  if (!caught) throw new Error('the action created no cluster')
  return caught
}

function call(): Call {
  return {
    requestId: 'bench',
    principal: {
      account: ACCOUNT,
      tenant: '1250000001',
      kind: 'root',
      id: ACCOUNT,
      name: 'root',
      policies: [],
    },
    region: 'ap-guangzhou',
    product: 'emr',
    action: 'CreateInstance',
    language: 'en',
  }
}

async function door(
  it: Server,
  clusterOf: () => NewCluster,
): Promise<{ port: number; close(): Promise<void> }> {
  const parameters = createBody(0)
  const action: Action = {
    ...createInstance,
    input: object({}),
    async run(core, made) {
      // The token is in no shape here; every request of the bench has another name and so another token.
      const created = await core.clusters.create(made, {
        token: made.requestId,
        parameters,
        newCluster: clusterOf,
      })
      return { InstanceId: created.cluster }
    },
  }
  const usual = tencent()
  const dialect: Dialect = {
    ...usual,
    convention: { ...usual.convention, unknownMembers: 'ignore' },
    locate: () => action,
    authorise: () => ({ effect: 'allow' }),
  }
  const gate = gateway({
    core: it.core,
    clock: it.clock,
    random: it.core.random,
    log: silentLogger(),
    credentials: it.identity.credentials.find,
    nonces: createNonceCache({ windowMs: 900_000 }),
    throttle: throttle(0),
    onHandled: () => {},
  })
  const host = httpHost({
    gateway: gate,
    dialects: [dialect],
    admin: () => Promise.reject(new Fault('ActionUnknown', { action: '' })),
  })
  return { port: await host.listen('127.0.0.1', 0), close: host.close }
}
