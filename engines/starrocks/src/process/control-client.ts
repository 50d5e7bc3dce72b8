/** The client of control.ts, for programs that run engines: finds the engine of a data directory by its socket. */
import { request } from '../../../../src/kernel/http.ts'
import { ConfigurationError } from './configuration.ts'
import { controlPath } from './control.ts'
import type { ObjectStorageKey, SnapshotAnswer } from './control.ts'

export interface EngineControl {
  /** The members of HealthAnswer (control.ts). Throws when no engine answers in time. */
  health(): Promise<Readonly<Record<string, unknown>>>
  stats(): Promise<Readonly<Record<string, unknown>>>
  /** Throws ConfigurationError with the engine's own words when it refuses; nothing has changed then. */
  reload(): Promise<void>
  /** Throws ConfigurationError when the engine does not take it. To be given after each start and each change. */
  setObjectStorageKey(key: ObjectStorageKey): Promise<void>
  shutdown(): Promise<void>
  /** Copies what is committed to `snapshot/NAME` in the data directory. Throws ConfigurationError while another one is taken. */
  beginSnapshot(name: string): Promise<void>
  snapshot(name: string): Promise<SnapshotAnswer>
  forgetSnapshot(name: string): Promise<void>
}

/** Health takes two seconds at most, a reload milliseconds: an engine that is silent for longer hangs. */
const ANSWER_MS = 10_000
/** Far above the statistics of one engine. */
const ANSWER_BYTES = 1_048_576

export function engineControl(directory: string, answerMs = ANSWER_MS): EngineControl {
  const socketPath = controlPath(directory)
  const ask = (
    method: string,
    path: string,
    body?: string,
  ): Promise<Readonly<Record<string, unknown>>> =>
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
      sent.end(body)
    })
  return {
    health: () => ask('GET', '/health'),
    stats: () => ask('GET', '/stats'),
    async reload() {
      await ask('POST', '/reload')
    },
    async setObjectStorageKey(key) {
      await ask('PUT', '/object-storage-key', JSON.stringify(key))
    },
    async shutdown() {
      await ask('POST', '/shutdown')
    },
    async beginSnapshot(name) {
      await ask('POST', `/snapshot/${name}`)
    },
    snapshot: async (name) => (await ask('GET', `/snapshot/${name}`)) as unknown as SnapshotAnswer,
    async forgetSnapshot(name) {
      await ask('DELETE', `/snapshot/${name}`)
    },
  }
}

function refusal(status: number | undefined, path: string, error: unknown): Error {
  const message = `the engine refuses ${path}: ${JSON.stringify(error)}`
  return status === 422 ? new ConfigurationError(message) : new Error(message)
}
