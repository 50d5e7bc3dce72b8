/** Aggregates over users and what they did: retention, intersect_count. reference: StarRocks' retention.h, intersect_count.h. */
import { once } from '../../emit/text.ts'
import { simpleType } from '../../type.ts'
import { compare } from '../comparison.ts'
import type { AggregateSignature, AggregateSpec } from './aggregate.ts'

const alone = (name: string, signature: AggregateSignature): AggregateSpec => ({
  name,
  signatures: [signature],
  distinct: false,
  window: false,
  orderBy: false,
})

/** Whether the first condition ever held, and of each other one whether it did, too. */
const retention = alone('retention', {
  parameters: ['array'],
  returns: () => ({ kind: 'array', element: simpleType('boolean') }),
  sql: ([x = ''], render) =>
    once(render('list', x), (rows) => {
      const held = (at: string) =>
        `coalesce(list_contains(list_transform(${rows}, lambda held: TRY_CAST(list_extract(held, ${at}) AS BOOLEAN)), true), false)`
      const width = `coalesce(list_max(list_transform(${rows}, lambda held: len(held))), 0)`
      return `list_transform(range(1, ${width} + 1), lambda place: ${held('1')} AND ${held('place')})`
    }),
})

/** How many members the bitmaps of every one of the named values have in common. */
const intersectCount = alone('intersect_count', {
  parameters: ['bitmap', 'any', 'any'],
  variadic: 1,
  returns: 'bigint',
  convert: ([set, dimension, ...values]) =>
    set && dimension ? [set, ...values.map((value) => compare('=', dimension, value))] : [],
  sql: ([set = '', ...tests], render) => {
    const sets = tests.map((test) => {
      const found = render('list', `CASE WHEN ${test} THEN ${set} END`)
      return `list_distinct(flatten(coalesce(${found}, [])))`
    })
    return `CAST(len(${sets.reduce((all, one) => `list_intersect(${all}, ${one})`)}) AS BIGINT)`
  },
})

export const cohortFunctions: readonly AggregateSpec[] = [retention, intersectCount]
