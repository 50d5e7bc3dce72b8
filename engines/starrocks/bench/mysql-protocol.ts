/**
 * Trivial queries a second through the MySQL protocol server, with an engine that only answers `1`: what the protocol itself
 * costs. The load comes from a second process over loopback (raw packets, one query in flight per connection), so
 * that its cost is not counted; `per cpu second` is the server process's own figure, whatever else the machine does.
 *
 * Run: node engines/starrocks/bench/mysql-protocol.ts [seconds per step, default 4]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { defaultMysqlLimits } from '../src/wire-mysql/mysql-limits.ts'
import { startMysqlServer } from '../src/wire-mysql/mysql-server.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { framed, helloPayload, query, saltOf } from '../test/support/raw-mysql-client.ts'
import { column, rows, scriptedEngine } from '../test/support/scripted-engine.ts'

const CONNECTIONS = [1, 16, 64]

const [role, ...rest] = process.argv.slice(2)
if (role === 'load') await load(Number(rest[0]), Number(rest[1]), Number(rest[2]))
else await measure(Number(role ?? 4))

async function measure(seconds: number): Promise<void> {
  let answered = 0
  const engine = scriptedEngine({
    answer({ session }) {
      session.calls.length = 0
      answered++
      return rows([column('1', 'tiny')], [[1]])
    },
  })
  const server = await startMysqlServer({
    engine,
    host: '127.0.0.1',
    port: 0,
    log: silentLogger(),
    limits: defaultMysqlLimits,
    clock: systemClock(),
  })
  for (const connections of CONNECTIONS) {
    answered = 0
    const before = process.cpuUsage()
    const child = spawn(
      process.execPath,
      [
        fileURLToPath(import.meta.url),
        'load',
        String(server.port),
        String(connections),
        String(seconds),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const [rate] = (await once(child.stdout, 'data')) as [Buffer]
    const { user, system } = process.cpuUsage(before)
    const perCpuSecond = Math.round((answered / (user + system)) * 1e6)
    process.stdout.write(
      `${connections} connections: ${rate.toString()} queries/s, ${perCpuSecond} per cpu second\n`,
    )
    await once(child, 'exit')
  }
  await server.close()
}

async function load(port: number, connections: number, seconds: number): Promise<void> {
  const asked = framed(0, query('select 1'))
  let answers = 0
  for (let index = 0; index < connections; index++) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const [greeting] = (await once(socket, 'data')) as [Buffer]
    socket.write(framed(1, helloPayload(saltOf(greeting.subarray(4)))))
    await once(socket, 'data')
    socket.write(asked)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    let received = 0
    socket.on('data', (chunk) => {
      received += chunk.length
      for (; received >= answer.length; received -= answer.length) {
        answers++
        socket.write(asked)
      }
    })
    socket.write(asked)
  }
  answers = 0
  const started = process.hrtime.bigint()
  setTimeout(() => {
    const elapsed = Number(process.hrtime.bigint() - started) / 1e9
    process.stdout.write(String(Math.round(answers / elapsed)), () => process.exit())
  }, seconds * 1000)
}
