/**
 * DescribeInstanceOplog: what was asked of a cluster, by whom, the latest first (reference: tencent-emr.md appendix B, api.json). Times
 * are in seconds from 1970.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { Operation, Verb } from '../../../../domain/operation.ts'
import {
  choice,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageOf, pageSizeMax } from '../cluster/listing.ts'
import { flowNameOf, flowNames } from '../flow/view.ts'
import { numberOf } from '../identifier.ts'
import { seconds } from '../inquiry/window.ts'
import { given, invalid, oneOf } from '../refusal.ts'
import { timeText } from '../time-text.ts'
import { levelWords, logRows, operandWords, type Words } from './word.ts'

const log = object({
  InstanceId: integer(),
  Operation: text(),
  OperationType: integer(),
  UserType: integer(),
  Operator: text(),
  CreateTime: text(),
  Operand: text(),
  OperationDesc: text(),
  SecurityLevel: text(),
})

const time = optional(seconds)

const searchField = object({
  SearchType: choice(['Operation'], { ignoreCase: true }),
  SearchValue: text({ trim: true, max: 128 }),
})

export const describeInstanceOplog = action({
  name: 'DescribeInstanceOplog',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidResourceId'),
    Offset: integer({ min: 0 }),
    Limit: integer({ min: 0, max: pageSizeMax }),
    StartTime: time,
    EndTime: time,
    SearchFields: optional(list(searchField, { max: 10 })),
    Operand: optional(text({ trim: true, max: 32 })),
    SecurityLevel: optional(text({ trim: true, max: 32 })),
  },
  output: {
    TotalCnt: integer(),
    LogList: list(log),
    OperandList: list(text()),
    SecurityLevelList: list(text()),
  },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const cluster = await core.clusters.get(call, input.InstanceId)
    const { StartTime: from, EndTime: until } = input
    const operand = meant('Operand', input.Operand, operandWords)
    const level = meant('SecurityLevel', input.SecurityLevel, levelWords)
    const searched = (input.SearchFields ?? []).map(({ SearchValue }) => SearchValue)
    const verbs = (Object.keys(logRows) as Verb[]).filter((verb) => {
      const [, ofOperand, ofLevel] = logRows[verb]
      const { zh, en } = flowNames[verb]
      const named = searched.every((part) => zh.includes(part) || en.includes(part))
      return named && (operand ?? ofOperand) === ofOperand && (level ?? ofLevel) === ofLevel
    })
    const { total, rows } = await core.operations.list(call, cluster.id, {
      verbs,
      ...(from === undefined ? {} : { fromMs: from * 1000 }),
      ...(until === undefined ? {} : { untilMs: until * 1000 + 999 }),
      order: 'newest',
      ...pageOf(input.Offset, input.Limit === 0 ? pageSizeMax : input.Limit),
    })
    const { language } = call
    const wordsIn = (words: Readonly<Record<string, Words>>) =>
      Object.values(words).map((each) => each[language])
    return {
      TotalCnt: total,
      LogList: rows.map(({ document }) => viewLog(cluster, document, language)),
      OperandList: wordsIn(operandWords),
      SecurityLevelList: wordsIn(levelWords),
    }
  },
})

/** By its word in either language. Throws InvalidParameterValue. */
function meant<K extends string>(
  name: string,
  asked: string | undefined,
  words: { readonly [key in K]: Words },
): K | undefined {
  const word = given(asked)
  if (word === undefined) return undefined
  const keys = Object.keys(words) as K[]
  const found = keys.find((key) => words[key].zh === word || words[key].en === word)
  if (found !== undefined) return found
  const rule = oneOf(keys.flatMap((key) => [words[key].zh, words[key].en]))
  throw invalid({ name, code: 'InvalidParameterValue', rule, value: word })
}

function viewLog(
  cluster: Cluster,
  operation: Operation,
  language: 'zh' | 'en',
): Static<typeof log> {
  const [number, operand, level] = logRows[operation.verb]
  const { kind, name } = operatorOf(operation)
  const { before, after, detail } = operation
  const change = before === undefined && after === undefined ? undefined : `${before} → ${after}`
  return {
    InstanceId: numberOf(cluster.id),
    Operation: flowNameOf(operation, language),
    OperationType: number,
    UserType: kind === 'system' ? 0 : 1,
    Operator: kind === 'root' ? cluster.account : name,
    CreateTime: timeText(operation.startedMs),
    Operand: operandWords[operand][language],
    OperationDesc: detail ?? change ?? '---',
    SecurityLevel: levelWords[level][language],
  }
}

/** Who asked for it; of what was recorded before this was, the account is all that is known. */
function operatorOf({ by = 'root/' }: Operation): { readonly kind: string; readonly name: string } {
  const [kind = '', ...name] = by.split('/')
  return { kind, name: name.length === 0 ? kind : name.join('/') }
}
