/** The other end of control.ts, for whoever runs engines: finds the engine of a data directory by its socket. */
import { request } from 'node:http'
import { controlPath } from './control.ts'

export interface EngineControl {
  /** Throws when no engine answers in time. */
  health(): Promise<Readonly<Record<string, unknown>>>
  stats(): Promise<Readonly<Record<string, unknown>>>
  /** Throws with the engine's own words when it refuses. */
  reload(): Promise<void>
  shutdown(): Promise<void>
}

/** Health and reload take milliseconds; an engine that is silent for so long is not well. */
const ANSWER_MS = 10_000
/** Far above the statistics of one engine. */
const ANSWER_BYTES = 1_048_576

export function engineControl(directory: string, answerMs = ANSWER_MS): EngineControl {
  const socketPath = controlPath(directory)
  const ask = (method: string, path: string): Promise<Readonly<Record<string, unknown>>> =>
    new Promise((resolve, reject) => {
      const asked = request({ socketPath, method, path, agent: false, timeout: answerMs })
      asked.on('error', reject)
      asked.on('timeout', () => asked.destroy(new Error('the engine does not answer')))
      asked.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          text += piece
          if (text.length > ANSWER_BYTES) asked.destroy(new Error('the answer is too long'))
        })
        response.on('end', () => {
          const value = JSON.parse(text) as Readonly<Record<string, unknown>>
          if (response.statusCode === 200) resolve(value)
          else reject(new Error(`the engine refuses ${path}: ${JSON.stringify(value['error'])}`))
        })
      })
      asked.end()
    })
  return {
    health: () => ask('GET', '/health'),
    stats: () => ask('GET', '/stats'),
    async reload() {
      await ask('POST', '/reload')
    },
    async shutdown() {
      await ask('POST', '/shutdown')
    },
  }
}
