/**
 * The load: a process of its own that sends requests made beforehand over raw sockets and times each answer. It does as
 * little as possible itself, so that what is measured is the server. One request is on its way per connection.
 */
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

export interface Job {
  readonly port: number
  readonly connections: number
  /** Whole HTTP requests as bytes. */
  readonly requests: readonly Uint8Array[]
  /** Send each once, or go round until the time is over. */
  readonly mode: { readonly each: 'once' } | { readonly each: 'again'; readonly forMs: number }
  /** An answer must hold this text; the others are counted as errors. */
  readonly expect: string
}

export interface Measured {
  readonly count: number
  readonly errors: number
  readonly firstError: string
  readonly seconds: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Bytes of one answer's body. */
  readonly answerBytes: number
}

const HEAD_END = Buffer.from('\r\n\r\n')

process.on('message', (job: Job) => {
  void run(job).then((measured) => process.send?.(measured, () => process.exit(0)))
})

async function run(job: Job): Promise<Measured> {
  const times: number[] = []
  const state = { next: 0, errors: 0, firstError: '', answerBytes: 0 }
  const requests = job.requests.map((request) => Buffer.from(request))
  const started = performance.now()
  const endMs = job.mode.each === 'again' ? started + job.mode.forMs : Infinity
  const take = (): Buffer | undefined => {
    if (job.mode.each === 'once') return requests[state.next++]
    return performance.now() < endMs ? requests[state.next++ % requests.length] : undefined
  }
  await Promise.all(
    Array.from({ length: job.connections }, () =>
      drive(job.port, take, (answer, ms) => {
        times.push(ms)
        state.answerBytes = answer.length
        if (answer.includes(job.expect)) return
        state.errors++
        state.firstError ||= answer.toString('utf8').slice(0, 300)
      }),
    ),
  )
  const seconds = (performance.now() - started) / 1000
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return {
    count: times.length,
    errors: state.errors,
    firstError: state.firstError,
    seconds,
    perSecond: times.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    answerBytes: state.answerBytes,
  }
}

/**
 * One connection: a request, its whole answer, the next request; a new connection where the server ends it after each. Resolves when there is
 * nothing left to send.
 */
function drive(
  port: number,
  take: () => Buffer | undefined,
  done: (body: Buffer, ms: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let socket: Socket
    let pending: Buffer = Buffer.alloc(0)
    let sentMs = 0
    const send = () => {
      const request = take()
      if (!request) return void socket.end(() => resolve())
      sentMs = performance.now()
      socket.write(request)
    }
    const open = () => {
      socket = connect({ host: '127.0.0.1', port, noDelay: true })
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('data', onData)
    }
    const onData = (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const head = pending.indexOf(HEAD_END)
      if (head < 0) return
      const text = pending.toString('latin1', 0, head)
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (pending.length < head + 4 + length) return
      const body = pending.subarray(head + 4, head + 4 + length)
      pending = Buffer.alloc(0)
      done(body, performance.now() - sentMs)
      if (!/connection: close/i.test(text)) return send()
      socket.destroy()
      open()
    }
    open()
  })
}
