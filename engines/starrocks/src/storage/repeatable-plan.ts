/**
 * Which of DuckDB's plans may run more than once: those of operators that keep little of their last run, whatever they read, and that start
 * again. Measured with 1.5.5: `list`, the right side of outer joins, subqueries and common table expressions keep their rows until the plan is
 * given up; joins by ranges fail the second time, and the database with them.
 */
interface PlanNode {
  readonly name: string
  readonly children: readonly PlanNode[]
  readonly extra_info: Readonly<Record<string, unknown>>
}

const OPERATORS: readonly string[] = [
  'SEQ_SCAN',
  'FILTER',
  'PROJECTION',
  'UNGROUPED_AGGREGATE',
  'PERFECT_HASH_GROUP_BY',
  'HASH_GROUP_BY',
  'HASH_JOIN',
  'TOP_N',
  'LIMIT',
  'STREAMING_LIMIT',
]

/** Their states have one size. */
const AGGREGATE = /^(sum|sum_no_overflow|count|count_star|avg|min|max)\(#?\d*\)$/

/** `plan`: what EXPLAIN (FORMAT json) says. */
export const isRepeatable = (plan: string): boolean =>
  (JSON.parse(plan) as readonly PlanNode[]).every(isRepeatableNode)

function isRepeatableNode({ name, children, extra_info: info }: PlanNode): boolean {
  if (!OPERATORS.includes(name.trim()) || !children.every(isRepeatableNode)) return false
  if (name.trim() === 'HASH_JOIN') return info['Join Type'] === 'INNER'
  return [info['Aggregates'] ?? []].flat().every(isPlainAggregate)
}

const isPlainAggregate = (text: unknown): boolean =>
  typeof text === 'string' && AGGREGATE.test(text)
