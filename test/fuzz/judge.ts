/** Whether an answer is one that the server may give, whatever was asked; says what is wrong with it. */
import { judgeAlibaba } from './checker-alibaba.ts'
import { judgeTencent } from './checker-tencent.ts'
import type { Shot } from './shot.ts'
import { isObject, type Fields } from './verdict.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface Judged {
  /** Undefined when all is well. */
  readonly problem: string | undefined
  /** Of a refusal; empty for an answer. */
  readonly code: string
  /** What the checker said of a create that came through whole. */
  readonly verdict: 'valid' | 'invalid' | 'open' | undefined
}

export function judge(it: Shot, answer: Answer): Judged {
  const { problem, code } = wellFormed(it, answer)
  if (problem !== undefined || it.parameters === undefined)
    return { problem, code, verdict: undefined }
  const check = { CreateInstance: judgeTencent, CreateInstanceV1: judgeAlibaba }[it.action]
  if (!check) return { problem: untouchedProblem(it, code), code, verdict: undefined }
  // As it arrives: what JSON cannot carry is not in it.
  const { says, why } = check(JSON.parse(JSON.stringify(it.parameters)))
  const accepted = code === ''
  if (accepted && says === 'invalid')
    return { problem: `accepted, though ${why.join('; ')}`, code, verdict: says }
  // Two subscriptions alike at once, or a machine that ran out of places: rules about others, not about this request.
  const about = /^(FailedOperation\.DuplicateOrderNotAllowed|IdempotentParameterMismatch)$/.test(
    code,
  )
  if (!accepted && says === 'valid' && !about)
    return {
      problem: `refused with ${code}, though nothing is wrong: ${answer.text.slice(0, 500)}`,
      code,
      verdict: says,
    }
  return { problem: undefined, code, verdict: says }
}

/** Requests of other actions are about clusters that may be gone or busy by now. */
function untouchedProblem(it: Shot, code: string): string | undefined {
  // A job flow or a Ray cluster that is not there has no code of that name.
  const isPassing =
    /NotFound|InProcess|InstanceStatus|^Missing|Busy|InvalidJobFlow|InvalidClusterId/.test(code)
  if (!it.untouched || code === '' || isPassing) return undefined
  return /^Describe|^Inquiry|^List/.test(it.action)
    ? `a legal request was refused with ${code}`
    : undefined
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function wellFormed(it: Shot, answer: Answer): { problem?: string; code: string } {
  const { status, text, headers } = answer
  if (status >= 500) return { problem: `status ${status}: ${text.slice(0, 300)}`, code: '' }
  if (it.wire.method === 'HEAD') return { code: '?' }
  // A head that is too large is refused before anybody knows whose it is.
  if (status === 431 && it.wire.query.length > 50_000) return { code: 'too large' }
  const body = parsed(text)
  if (!isObject(body)) return { problem: `no object: ${text.slice(0, 300)}`, code: '' }
  const response = body['Response']
  if (isObject(response)) return tencentForm(response, answer)
  if ('RequestId' in body) {
    const type = String(headers['content-type'])
    if (type !== 'application/json;charset=utf-8')
      return { problem: `content type ${type}`, code: '' }
    if (!UUID.test(String(body['RequestId']))) return { problem: 'no RequestId', code: '' }
    const code = body['Code']
    if (status === 200)
      return code === undefined
        ? { code: '' }
        : { problem: `200 with ${JSON.stringify(code)}`, code: '' }
    if (typeof code !== 'string' || typeof body['Message'] !== 'string')
      return { problem: 'no code or message', code: '' }
    return code === 'InternalError' ? { problem: 'InternalError', code } : { code }
  }
  // Nobody's request any more: another path, or without what tells whose it is.
  if (it.parameters === undefined && status === 404 && body['error'] === 'not found')
    return { code: 'nobody' }
  return { problem: `an answer of no cloud: ${text.slice(0, 300)}`, code: '' }
}

function tencentForm(
  response: Fields,
  { status, headers }: Answer,
): { problem?: string; code: string } {
  if (status !== 200) return { problem: `status ${status}`, code: '' }
  if (headers['content-type'] !== 'application/json')
    return { problem: `content type ${String(headers['content-type'])}`, code: '' }
  if (!UUID.test(String(response['RequestId']))) return { problem: 'no RequestId', code: '' }
  const error = response['Error']
  if (error === undefined) return { code: '' }
  if (!isObject(error) || typeof error['Code'] !== 'string' || typeof error['Message'] !== 'string')
    return { problem: 'an error without code or message', code: '' }
  const code = error['Code']
  if (code.startsWith('InternalError')) return { problem: `${code}: ${error['Message']}`, code }
  return { code }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
