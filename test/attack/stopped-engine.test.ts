/** An engine that lives and does nothing, because it was stopped or hangs, does not pass for one that serves. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClusterPage } from '../../src/admin/cluster.ts'
import {
  createInstance,
  enginesOf,
  localDataDirectory,
  logIn,
  settled,
} from '../support/engine/local-instances.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startChildServer } from '../support/process/child-server.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'
const LOOKS_MAX = 400

test(
  'row 4: a stopped engine is shown as impaired with the reason, and is replaced',
  { skip },
  async (t) => {
    const dataDir = localDataDirectory(t)
    const { port } = await startChildServer(t, dataDir, 'immediate', 'local')
    await createInstance(port)
    const [engine] = enginesOf(dataDir)
    assert.ok(engine)
    process.kill(engine.pid, 'SIGSTOP')
    await impaired(port, /answer/)
    const [row] = await settled(port)
    assert.ok(row)
    const pids = enginesOf(dataDir).map(({ pid }) => pid)
    assert.equal(pids.length, 1)
    assert.notEqual(pids[0], engine.pid)
    await (await logIn(row)).end()
  },
)

/** On a loaded machine it may have been impaired before, for another reason. */
async function impaired(port: number, reason: RegExp): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const { body } = await askAdmin(port, 'clusters')
    const [row] = (body as ClusterPage).clusters
    if (row?.state === 'impaired' && reason.test(row.reason)) return
    await pause(100)
  }
  throw new Error('the engine still passes for one that serves')
}
