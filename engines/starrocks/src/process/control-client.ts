/** The client of control.ts, for whoever runs engines: finds the engine of a data directory by its socket. */
import { request } from 'node:http'
import { ConfigurationError } from './configuration.ts'
import { controlPath } from './control.ts'

/** What an engine reports about itself: whether it works, and with what. */
export interface HealthAnswer {
  /** False when the database does not answer, or can go on no more: see `reason`. */
  readonly ok: boolean
  readonly reason?: string
  readonly instance: string
  readonly pid: number
  /** Of the configuration that was last taken over; 0 when it has none. */
  readonly generation: number
  readonly ports: { readonly query: number; readonly front: number; readonly back: number }
  readonly threads: number
  readonly memoryBytes: number
  /** The quota, and the bytes of data on disk. */
  readonly storageBytes: number
  readonly usedBytes: number
  /** Names of the nodes that the instance shows. */
  readonly nodes: readonly string[]
}

export interface EngineControl {
  /** Throws when no engine answers in time. */
  health(): Promise<HealthAnswer>
  stats(): Promise<Readonly<Record<string, unknown>>>
  /** Throws ConfigurationError with the engine's own words when it refuses; nothing has changed then. */
  reload(): Promise<void>
  shutdown(): Promise<void>
}

/** Health takes two seconds at most, a reload milliseconds: an engine that is silent for longer hangs. */
const ANSWER_MS = 10_000
/** Far above the statistics of one engine. */
const ANSWER_BYTES = 1_048_576

export function engineControl(directory: string, answerMs = ANSWER_MS): EngineControl {
  const socketPath = controlPath(directory)
  const ask = (method: string, path: string): Promise<Readonly<Record<string, unknown>>> =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, method, path, agent: false, timeout: answerMs })
      sent.on('error', reject)
      sent.on('timeout', () => sent.destroy(new Error('the engine does not answer')))
      sent.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          text += piece
          if (text.length > ANSWER_BYTES) sent.destroy(new Error('the answer is too long'))
        })
        response.on('end', () => {
          try {
            const value = JSON.parse(text) as Readonly<Record<string, unknown>>
            if (response.statusCode === 200) resolve(value)
            else reject(refusal(response.statusCode, path, value['error']))
          } catch {
            reject(new Error('the answer was cut off'))
          }
        })
      })
      sent.end()
    })
  return {
    health: async () => (await ask('GET', '/health')) as unknown as HealthAnswer,
    stats: () => ask('GET', '/stats'),
    async reload() {
      await ask('POST', '/reload')
    },
    async shutdown() {
      await ask('POST', '/shutdown')
    },
  }
}

function refusal(status: number | undefined, path: string, error: unknown): Error {
  const message = `the engine refuses ${path}: ${JSON.stringify(error)}`
  return status === 422 ? new ConfigurationError(message) : new Error(message)
}
