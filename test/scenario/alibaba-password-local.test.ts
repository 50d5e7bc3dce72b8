/** A password that is given to an engine while it runs: who is connected stays so, and from then on only the new one opens it. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import {
  ADMIN_PASSWORD,
  enginesOf,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'

test(
  'an engine takes a new password without a restart, also when it had it before',
  { skip },
  async (t) => {
    const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
    const dataDir = localDataDirectory(t)
    const it = await startInstance(t, {
      body: { RunMode: 'shared_nothing', FrontendNodeGroups: [group], BackendNodeGroups: [group] },
      cloud: {
        dataDir,
        config: smallEngines,
      },
    })
    const { endpoints } = (await it.document()).status
    const { host, port } = endpoints!.find(({ name }) => name === 'mysql')!
    const connect = (password: string) => createConnection({ host, port, user: 'admin', password })
    const refuse = (password: string) => assert.rejects(connect(password), /Access denied/)
    const setPassword = async (password: string) => {
      await it.send('ModifyUserPassword', { Password: password })
      await untilRunning(it)
    }
    const [before] = enginesOf(dataDir)
    const first = await connect(ADMIN_PASSWORD)
    t.after(() => first.destroy())
    const [zone] = await first.query('SELECT @@system_time_zone AS zone')
    const said = (await it.send('DescribeSystemTimezone')).body
    assert.deepEqual([said.Data, said.Total], [(zone as { zone: string }[])[0]?.zone, 1])
    await setPassword('Another#1234')
    await refuse(ADMIN_PASSWORD)
    await first.query('SELECT 1')
    const second = await connect('Another#1234')
    t.after(() => second.destroy())
    assert.equal(enginesOf(dataDir)[0]?.pid, before?.pid)
    // What was changed by SQL meanwhile is over, although the service gives the same one again.
    await second.query("ALTER USER admin IDENTIFIED BY 'Mine#12345'")
    await refuse('Another#1234')
    await setPassword('Another#1234')
    await refuse('Mine#12345')
    const third = await connect('Another#1234')
    t.after(() => third.destroy())
    await it.send('RestartInstance')
    await untilRunning(it)
    const fourth = await connect('Another#1234')
    t.after(() => fourth.destroy())
  },
)
