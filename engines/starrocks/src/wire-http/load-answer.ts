/**
 * The JSON that loads and transactions are answered with: keys in StarRocks' order, always HTTP 200.
 * reference: be/src/runtime/stream_load/stream_load_context.cpp (to_json, to_resp_json); FE TransactionResult.java
 */
import { LabelTakenError, TooManyFilteredError } from '../load-sink.ts'
import type { LoadOutcome, LoadState } from '../load-sink.ts'
import { SqlError } from '../session.ts'
import type { Answer } from './exchange.ts'

export interface LoadTimes {
  readonly load: number
  readonly begin: number
  readonly plan: number
  readonly read: number
  readonly write: number
  readonly commit: number
}

export interface LoadReport {
  readonly id: number
  readonly label: string
  readonly bytes: number
  readonly times: LoadTimes
  readonly outcome: LoadOutcome | undefined
  readonly error: unknown
  readonly errorUrl: string | undefined
}

export const jobStatus: Readonly<Record<LoadState, string>> = {
  PREPARE: 'RUNNING',
  PREPARED: 'PREPARED',
  VISIBLE: 'FINISHED',
  ABORTED: 'ABORTED',
}

export const jsonAnswer = (value: object, more: Partial<Answer> = {}): Answer => ({
  status: 200,
  type: 'application/json',
  text: JSON.stringify(value, undefined, 4),
  ...more,
})

/** The counts that a load which failed for its rows carries along. */
export function countsOf(report: Pick<LoadReport, 'outcome' | 'error'>) {
  const { outcome, error } = report
  const counts = error instanceof TooManyFilteredError ? error.rows : outcome
  return {
    NumberTotalRows: counts?.total ?? 0,
    NumberLoadedRows: outcome?.loaded ?? 0,
    NumberFilteredRows: counts?.filtered ?? 0,
    NumberUnselectedRows: counts?.unselected ?? 0,
  }
}

export function reasonsOf(report: Pick<LoadReport, 'outcome' | 'error'>): readonly string[] {
  if (report.error instanceof TooManyFilteredError) return report.error.rows.reasons
  return report.outcome?.reasons ?? []
}

export function loadAnswer(report: LoadReport): Answer {
  const { times, error } = report
  return jsonAnswer({
    TxnId: report.id,
    Label: report.label,
    ...statusOf(error),
    Message: error === undefined ? 'OK' : messageOf(error),
    ...countsOf(report),
    LoadBytes: report.bytes,
    LoadTimeMs: times.load,
    BeginTxnTimeMs: times.begin,
    StreamLoadPlanTimeMs: times.plan,
    ReadDataTimeMs: times.read,
    WriteDataTimeMs: times.write,
    CommitAndPublishTimeMs: times.commit,
    ...(report.errorUrl !== undefined && { ErrorURL: report.errorUrl }),
  })
}

function statusOf(error: unknown): object {
  if (error === undefined) return { Status: 'Success' }
  if (error instanceof LabelTakenError) {
    return {
      Status: 'Label Already Exists',
      ExistingJobStatus: jobStatus[error.existing.state],
    }
  }
  return { Status: 'Fail' }
}

/** What is no SqlError is a defect of the engine: its text is for the log. */
export const messageOf = (error: unknown): string =>
  error instanceof SqlError ? error.message : 'Internal error'

/** An error of the FE: JSON under the type and status that StarRocks gives it. */
export const feFailure = (message: string): Answer => ({
  status: 200,
  type: 'text/html',
  text: JSON.stringify({ Status: 'FAILED', Message: message }, undefined, 2),
  close: true,
})

/** RestBaseResult of a refusal. */
export const restFailure = (status: number, message: string): Answer => ({
  status,
  type: 'text/html',
  text: JSON.stringify({ status: 'FAILED', code: '1', msg: message, message }),
})

/** What the FE says to whom it does not let in. */
export const unauthorized = (message: string): Answer => ({
  ...restFailure(401, message),
  headers: { 'WWW-Authenticate': 'Basic realm=""' },
  close: true,
})
