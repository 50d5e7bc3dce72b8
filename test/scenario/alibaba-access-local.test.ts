/**
 * How clients get into an instance that really runs on this machine, by the vendor's own runtime: each change is in force in the
 * engine, by the same process, when the instance is `running` again.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { refusalOf } from '../support/http/alibaba-client.ts'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import { keyStore, keyStorePassword, ownCertificate } from '../support/fixture/key-store.ts'
import {
  ADMIN_PASSWORD,
  enginesOf,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'

interface Place {
  readonly host: string
  readonly port: number
}

async function start(t: TestContext) {
  const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
  const dataDir = localDataDirectory(t)
  const instance = await startInstance(t, {
    body: {
      RunMode: 'shared_nothing',
      GatewayType: 'Slb',
      FrontendNodeGroups: [{ ...group, residentNodeNumber: 3 }],
      BackendNodeGroups: [group],
    },
    cloud: {
      dataDir,
      config: smallEngines,
    },
  })
  const { call, id } = instance
  const endpoint = async (name: string): Promise<Place> => {
    const found = (await instance.document()).status.endpoints?.find((each) => each.name === name)
    assert.ok(found, name)
    return found
  }
  const logIn = async (to: Place, from = to.host, ssl?: { readonly ca: string }) => {
    const { host, port } = to
    const stream = () => connect({ host, port, localAddress: from })
    const admin = { user: 'admin', password: ADMIN_PASSWORD, ...(ssl ? { ssl } : {}) }
    const connection = await createConnection({ ...admin, stream })
    connection.on('error', () => undefined)
    t.after(() => connection.destroy())
    return connection
  }
  const post = async (action: string, body: object = {}) =>
    (await call(action, { body: { InstanceId: id, ...body } })).body.Data
  return {
    instance,
    dataDir,
    endpoint,
    logIn,
    post,
    pids: () => enginesOf(dataDir).map(({ pid }) => pid),
    refused: (action: string, body: object) =>
      refusalOf(call(action, { body: { InstanceId: id, ...body } })),
    async change(action: string, body: object = {}) {
      await post(action, body)
      await untilRunning(instance)
      const [latest] = await instance.history()
      assert.deepEqual([latest.OperationStatus, latest.OperationDetail], ['COMPLETED', ''], action)
    },
    async gateways() {
      return (await post('ListGateway')) as readonly Record<string, string>[]
    },
  }
}

async function serverOf(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>('SHOW PROCESSLIST')
  const [[own]] = await connection.query<RowDataPacket[]>('SELECT connection_id() AS id')
  return String(rows.find((row) => Number(row['Id']) === Number(own?.['id']))?.['ServerName'])
}

async function frontendsOf(connection: Connection) {
  const [rows] = await connection.query<RowDataPacket[]>('SHOW FRONTENDS')
  return rows.map((row) => ({ name: String(row['Name']), role: String(row['Role']) }))
}

test(
  'gateways, public addresses, who may connect and certificates of an instance on this machine',
  { skip, timeout: 240_000 },
  async (t) => {
    const it = await start(t)
    const pids = it.pids()
    const own = await it.endpoint('mysql')
    const first = await it.logIn(own)
    const [leader] = await frontendsOf(first)
    assert.equal(leader?.role, 'LEADER')

    await t.test('a gateway answers at an address of its own, until it is deleted', async () => {
      await it.change('AddGateway', { GatewayName: 'reports', FeNodeNumber: 1 })
      const [, gateway] = await it.gateways()
      const place = await it.endpoint(`${gateway?.['GatewayId']}/mysql`)
      assert.notEqual(place.host, own.host)
      assert.equal(gateway?.['InternalDomain'], place.host)
      const session = await it.logIn(place)
      assert.notEqual(await serverOf(session), leader.name)
      const front = await it.endpoint(`${gateway?.['GatewayId']}/fe-http`)
      assert.equal((await fetch(`http://${front.host}:${front.port}/api/health`)).status, 200)
      await it.change('DeleteGateway', { GatewayId: gateway?.['GatewayId'] })
      await assert.rejects(session.query('SELECT 1'))
      await assert.rejects(it.logIn(place), /ECONNREFUSED/)
    })

    await t.test('the leader takes no sessions while it is isolated', async () => {
      const servers = async () =>
        Promise.all(Array.from({ length: 4 }, async () => serverOf(await it.logIn(own))))
      assert.ok((await servers()).includes(leader.name))
      await it.change('IsolateLeader', { IsolateLeader: true })
      assert.ok(!(await servers()).includes(leader.name))
      await it.change('IsolateLeader', { IsolateLeader: false })
      assert.ok((await servers()).includes(leader.name))
    })

    await t.test('a public address is there while it is switched on', async () => {
      const [gateway] = await it.gateways()
      const toggle = (EnablePublicSlb: boolean) =>
        it.change('TogglePublicSlb', { GatewayId: gateway?.['GatewayId'], EnablePublicSlb })
      await toggle(true)
      const place = await it.endpoint(`${gateway?.['GatewayId']}/public/mysql`)
      await (await it.logIn(place)).query('SELECT 1')
      assert.equal((await it.instance.group('FE')).PublicAddress, place.host)
      await it.change('UpdatePublicNetworkStatus', {
        ComponentType: 'BE',
        PublicNetworkEnabled: true,
      })
      const { PublicAddress } = await it.instance.group('BE')
      assert.equal((await fetch(`http://${PublicAddress}:8040/api/health`)).status, 200)
      await toggle(false)
      await assert.rejects(it.logIn(place), /ECONNREFUSED/)
    })

    await t.test('whoever is in no group is not let in, and his sessions end', async () => {
      const [inside, outside] = ['127.0.0.61', '127.0.0.62'] as const
      const session = await it.logIn(own, outside)
      await it.change('UpdateInnerIpWhitelistGroup', {
        InnerIpWhitelistGroupId: 'office',
        CidrIpList: [`${inside}/32`],
      })
      await assert.rejects(session.query('SELECT 1'))
      await assert.rejects(it.logIn(own, outside), /ECONNRESET|Connection lost/)
      await (await it.logIn(own, inside)).query('SELECT 1')
      await it.change('DeleteInnerIpWhitelistGroup', { InnerIpWhitelistGroupId: 'office' })
      await (await it.logIn(own, outside)).query('SELECT 1')
    })

    await t.test('clients verify the certificate, of the service’s or the owner’s', async () => {
      await it.change('EnableSSLConnection')
      const { SslCertificateText: ca } = (await it.post('ListSSLDetails')) as Record<string, string>
      assert.ok(ca)
      await (await it.logIn(own, own.host, { ca })).query('SELECT 1')
      const other = { ca: ownCertificate }
      await assert.rejects(it.logIn(own, own.host, other), /self.signed|certificate/)
      await it.change('EnableSSLConnection', {
        Renewal: true,
        EnableCustom: true,
        CustomSSLCertificate: keyStore,
        SslKeyPassword: keyStorePassword,
        SslKeystorePassword: keyStorePassword,
      })
      await (await it.logIn(own, own.host, other)).query('SELECT 1')
      const directory = join(it.dataDir, 'local', it.instance.id, 'engine')
      assert.equal(statSync(join(directory, 'certificate')).mode & 0o077, 0)
      const log = readFileSync(join(directory, 'engine.log'), 'utf8')
      assert.ok(!log.includes(keyStorePassword) && !log.includes(keyStore.slice(0, 40)))
      await it.change('DisableSSLConnection')
      await assert.rejects(it.logIn(own, own.host, other), /secure connection/)
      assert.equal(readFileSync(join(directory, 'certificate'), 'utf8'), '')
    })

    await t.test('names of hosts have no effect here, which is said', async () => {
      const hostAliases = [{ ip: '10.0.0.7', hostnames: ['metastore'] }]
      const { code, message } = await it.refused('ModifyHostAlias', { hostAliases })
      assert.equal(code, 'UnsupportedOperation')
      assert.match(message, /an alias of a host is not supported: it has no effect on local/)
    })

    assert.deepEqual(it.pids(), pids, 'no process was restarted')
    assert.ok(await first.query('SELECT 1'))
  },
)
