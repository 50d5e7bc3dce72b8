/**
 * Nobody waits for what somebody else sends: each content type, in each place, in each shape, at the bound and beyond it, with and
 * without a key; meanwhile a second client asks for a cheap thing without end. On a machine that is busy it also waits for a
 * processor, so a pause is no longer than what the server worked in it, and counts only when it comes again each time.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startChildServer, type ChildServer } from '../support/process/child-server.ts'
import { memoryDirectory } from '../support/process/directory.ts'
import { ordinaryMs } from '../support/process/machine-speed.ts'
import { startPulse, type Pulse } from '../support/process/pulse.ts'
import { hostileRequests, type HostileRequest, type Signed } from './hostile-request.ts'
import { sendRaw } from './raw-request.ts'

const PAUSE_MS_MAX = 100
const TRIES = 5
const SIGNED: readonly Signed[] =
  process.env['EMRYS_LONG'] === '1'
    ? ['unsigned', 'wrongly signed', 'signed']
    : ['unsigned', 'signed']

for (const signed of SIGNED) {
  test(`${signed} requests of every shape hold up nobody`, async (t) => {
    const server = await startChildServer(t, memoryDirectory(t))
    const pulse = startPulse(t, server.port)
    const all = hostileRequests(signed)
    assert.ok(all.length > 150, `only ${all.length} requests`)
    const longest: [number, string][] = []
    for (const hostile of all) {
      longest.push([await shortestPause(server, pulse, hostile), hostile.name])
    }
    longest.sort(([one], [other]) => other - one)
    for (const [ms, name] of longest.slice(0, 5)) t.diagnostic(`${ms.toFixed(1)} ms  ${name}`)
    assert.deepEqual(
      longest.filter(([ms]) => ms > PAUSE_MS_MAX),
      [],
    )
  })
}

async function shortestPause(
  server: ChildServer,
  pulse: Pulse,
  { name, make }: HostileRequest,
): Promise<number> {
  let shortestMs = Infinity
  for (let tries = 0; tries < TRIES && shortestMs > PAUSE_MS_MAX; tries++) {
    const wire = make()
    const beforeMs = await server.cpuMs()
    const pauseMs = await pulse.during(async () => {
      const { status, text } = await sendRaw(server.port, wire)
      assert.ok(status < 500 && !text.includes('InternalError'), `${name}: ${status} ${text}`)
    })
    const workedMs = (await server.cpuMs()) - beforeMs
    shortestMs = Math.min(shortestMs, ordinaryMs(Math.min(pauseMs, workedMs)))
  }
  return shortestMs
}
