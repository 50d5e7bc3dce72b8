/** Every fault and how each cloud says it. */
import { Fault, type FaultCode, type Faults } from '../../src/domain/fault.ts'
import { refusalOf as alibabaRefusal } from '../../src/dialect/alibaba/faults.ts'
import { refusalOf as tencentRefusal } from '../../src/dialect/tencent/faults.ts'
import { samples } from './fault-sample.ts'
import { code, page, tableOf } from './markdown.ts'

const hearing = { language: 'en', scheme: 'v3', errorCodes: 'seed' } as const

export function faultsPage(): string {
  const rows = (Object.keys(samples) as FaultCode[]).flatMap((fault) =>
    distinct(samples[fault].map((facts) => rowOf(fault, facts))),
  )
  return page(
    'Faults',
    'What the core refuses, and how each cloud says it: status, code and sentence. Words in capitals stand for facts of the request. Tencent Cloud answers every refusal with status 200, here in English and with the codes of the founding document (`tencent.error-codes: seed`). Where a parameter has a code of its own, that code is answered instead of the one for `ParametersRefused`. A parameter that is not declared is ignored in the Alibaba Cloud dialect and refused as `UnknownParameter` in the other.',
    tableOf(['Fault', 'When', 'Alibaba Cloud', 'Tencent Cloud'], rows),
  )
}

function rowOf<C extends FaultCode>(fault: C, facts: Faults[C]): readonly string[] {
  const one = alibabaRefusal(new Fault(fault, facts))
  const other = tencentRefusal({ code: fault, facts }, hearing)
  return [
    code(fault),
    whenOf(facts),
    `${one.status} ${code(one.code)} ${one.message}`,
    `${code(other.code)} ${other.message}`,
  ]
}

/** The facts that choose the wording; the rest only fill it. */
function whenOf(facts: object): string {
  const { problem, why, what, by, dependency, mode, refusals } = facts as Record<string, unknown>
  const first = (
    refusals as readonly { problem: string; allowed?: unknown; min?: unknown }[] | undefined
  )?.[0]
  const rule = first?.allowed ? ', of a set' : first?.min === undefined ? '' : ', of a range'
  const reported = [problem, why, what, by, dependency, mode].filter((each) => each !== undefined)
  return first ? `${first.problem}${rule}` : reported.map(String).join(', ')
}

/** Samples that read alike are one row. */
function distinct(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const seen = new Map<string, readonly string[]>()
  for (const row of rows) {
    const said = row.slice(2).join('\n')
    const before = seen.get(said)
    seen.set(said, before ? [row[0] ?? '', `${before[1]}; ${row[1]}`, ...row.slice(2)] : row)
  }
  return [...seen.values()]
}
