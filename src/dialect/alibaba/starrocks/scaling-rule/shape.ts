/**
 * A scaling rule in a request, a JSON text, and in an answer: two times in the calendar, UTC+8, of which one brings nodes and the
 * other takes them away again. Facts: reference alibaba-starrocks.md 6.5.
 */
import {
  choice,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { shortText } from '../shape.ts'

const NAME_MAX = 64
/** Days of a month. */
const VALUES_MAX = 31
const INTERVAL_MAX = 366
const YEAR_MIN = 2000
const YEAR_MAX = 9999

export const recurrenceTypes = ['ONCE', 'DAILY', 'WEEKLY', 'MONTHLY'] as const

export const triggerType = choice(['TIME_TRIGGER'], { label: 'Trigger type', ignoreCase: true })

/** What a group has at most, with and without a rule, the catalogue says. */
const NODES_MAX = 100

function moment(of: string) {
  const number = (label: string, min: number, max: number, example: number) =>
    integer({ min, max, label: `${label} of ${of}`, example })
  return object({
    year: number('Year', YEAR_MIN, YEAR_MAX, 2026),
    month: number('Month', 1, 12, 3),
    day: number('Day', 1, 31, 2),
    hour: number('Hour', 0, 23, 5),
    minute: number('Minute', 0, 59, 50),
    second: number('Second', 0, 59, 0),
    recurrenceInterval: optional(number('Recurrence interval', 0, INTERVAL_MAX, 1)),
    recurrenceType: choice(recurrenceTypes, {
      label: `Recurrence type of ${of}`,
      ignoreCase: true,
      example: 'DAILY',
    }),
    recurrenceValues: optional(
      list(integer({ min: 1, max: 31, label: `Recurrence value of ${of}`, example: 1 }), {
        max: VALUES_MAX,
        label: `Number of recurrence values of ${of}`,
      }),
    ),
  })
}

export const ruleInput = object({
  nodeNumber: integer({ min: 1, max: NODES_MAX, label: 'Node number', example: 1 }),
  scalingRuleName: text({
    min: 1,
    max: NAME_MAX,
    message: `Scaling rule name should have 1 to ${NAME_MAX} characters`,
    example: 'nightly',
  }),
  scalingOutRule: moment('scaling out rule'),
  scalingInRule: moment('scaling in rule'),
})

export type RuleInput = Static<typeof ruleInput>
export type MomentInput = RuleInput['scalingOutRule']

export const scalingRuleId = shortText('Scaling rule id')

const momentView = object({
  Day: integer(),
  Hour: integer(),
  Minute: integer(),
  Month: integer(),
  RecurrenceInterval: integer(),
  RecurrenceType: text(),
  RecurrenceValues: list(text()),
  Second: integer(),
  Year: integer(),
})

export type MomentView = Static<typeof momentView>

export const ruleView = object({
  NodeNumber: text(),
  ScalingInRule: momentView,
  ScalingOutRule: momentView,
  ScalingRuleId: text(),
  ScalingRuleName: text(),
  Status: text(),
})
