/**
 * Point queries through the MySQL protocol, one in flight per connection, from a process of its own: raw packets, so that the
 * client costs next to nothing. Each answer's value is checked. Run by bench/engine.ts: arguments are the port, the number of
 * connections, the milliseconds, the rows of the table and `text` or `prepared`; one line of JSON is the answer.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { framed, helloPayload, query, saltOf } from '../test/support/raw-mysql-client.ts'

export interface PointRate {
  readonly perSecond: number
  /** Those before counting began too. */
  readonly answers: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const [port = 0, connections = 0, forMs = 0, rows = 0] = process.argv.slice(2, 6).map(Number)
const prepared = process.argv[6] === 'prepared'
const WARM_MS = 1000
/** A multiplier that visits every key before it comes back: it shares no factor with a power of ten. */
const STRIDE = 7919

const latenciesMs: number[] = []
let counting = false
let next = 0
let answers = 0

if (port > 0) await measure()

async function measure(): Promise<void> {
  const clients = await Promise.all(Array.from({ length: connections }, open))
  for (const client of clients) client.ask()
  await elapsed(WARM_MS)
  counting = true
  const startedMs = performance.now()
  await elapsed(forMs)
  counting = false
  const seconds = (performance.now() - startedMs) / 1000
  const sorted = latenciesMs.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  const rate: PointRate = {
    perSecond: sorted.length / seconds,
    answers,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
  process.stdout.write(`${JSON.stringify(rate)}\n`, () => process.exit())
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function open(): Promise<{ ask(): void }> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const [greeting] = (await once(socket, 'data')) as [Buffer]
  socket.write(framed(1, helloPayload(saltOf(greeting.subarray(4)), { password: '' })))
  await once(socket, 'data')
  const statement = prepared ? await prepare(socket) : 0
  let sentMs = 0
  let wanted = ''
  let held: Buffer = Buffer.alloc(0)
  const ask = () => {
    const key = (next++ * STRIDE) % rows
    wanted = `name ${key}`
    sentMs = performance.now()
    socket.write(framed(0, prepared ? execution(statement, key) : query(textOf(String(key)))))
  }
  socket.on('data', (piece: Buffer) => {
    held = held.length === 0 ? piece : Buffer.concat([held, piece])
    if (!isWhole(held)) return
    if (!held.includes(wanted)) throw new Error(`no ${wanted} in ${held.toString('latin1')}`)
    held = Buffer.alloc(0)
    answers++
    if (counting) latenciesMs.push(performance.now() - sentMs)
    ask()
  })
  return { ask }
}

function textOf(key: string): string {
  return `SELECT id, name, price, day FROM bench.points WHERE id = ${key}`
}

async function prepare(socket: Socket): Promise<number> {
  socket.write(framed(0, Buffer.concat([Buffer.from([0x16]), Buffer.from(textOf('?'))])))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return answer.readUInt32LE(5)
}

/** COM_STMT_EXECUTE with one parameter of type BIGINT. */
function execution(statement: number, key: number): Buffer {
  const payload = Buffer.alloc(22)
  payload[0] = 0x17
  payload.writeUInt32LE(statement, 1)
  payload.writeUInt32LE(1, 6)
  payload[11] = 1
  payload[12] = 0x08
  payload.writeBigInt64LE(BigInt(key), 14)
  return payload
}

/** Two packets of EOF end an answer: after its columns and after its rows. An error ends it at once. */
function isWhole(held: Buffer): boolean {
  let ends = 0
  for (let at = 0; at + 4 < held.length; at += 4 + held.readUIntLE(at, 3)) {
    const first = held[at + 4]
    if (first === 0xff) throw new Error(held.toString('latin1', at))
    if (first === 0xfe && held.readUIntLE(at, 3) < 9) ends++
  }
  return ends === 2
}
