/**
 * The only way to log: structured lines on stderr (stdout belongs to the command's own answers).
 * Members that could hold a secret are cut out by name at any depth of two; request bodies, queries and headers are never
 * handed to a logger in the first place.
 */
import { pino } from 'pino'
import { currentSpan } from './trace.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface Logger {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
  child(facts: object): Logger
}

const SECRET_MEMBERS = [
  'password',
  'secret',
  'token',
  'authorization',
  'signature',
  'secretKey',
  'adminPassword',
]

export function logger(
  level: LogLevel,
  destination: { write(line: string): void } = process.stderr,
): Logger {
  return pino(
    {
      level,
      base: null,
      mixin: traceOfLine,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`]), censor: '[cut]' },
    },
    destination,
  )
}

/** By which a line is found from a trace, and the trace from a line. */
function traceOfLine(): object {
  const span = currentSpan()
  return span ? { traceId: span.traceId, spanId: span.spanId } : {}
}

/** Says nothing; for tests and for embedding. */
export function silentLogger(): Logger {
  const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }
  return silent
}
