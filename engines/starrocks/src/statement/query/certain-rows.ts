/**
 * How many rows a plan of DuckDB's is certain to read: those of scans without a condition, unless what is above may end or narrow them
 * before. How many one with a condition reads, DuckDB says only when it is over.
 */
interface PlanNode {
  readonly name: string
  readonly children: readonly PlanNode[]
  readonly extra_info: Readonly<Record<string, unknown>>
}

export function certainRows(plan: string): number {
  const nodes = JSON.parse(plan) as readonly PlanNode[]
  return nodes.reduce((sum, node) => sum + rowsOfNode(node), 0)
}

function rowsOfNode({ name, children, extra_info: info }: PlanNode): number {
  if (/LIMIT|TOP_N/.test(name)) return 0
  if (name === 'SEQ_SCAN')
    return 'Filters' in info ? 0 : Math.round(Number(info['Estimated Cardinality'] ?? 0))
  // A join narrows the scan of its first side by what it has found on the other one.
  const certain = name.endsWith('_JOIN') ? children.slice(1) : children
  return certain.reduce((sum, child) => sum + rowsOfNode(child), 0)
}
