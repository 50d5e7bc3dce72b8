/**
 * Which action of each product shows what of a cluster: what a session sees is what its owner's policies allow of these. The only place
 * of the console that knows products.
 */
import type { Action } from '../gateway/action.ts'
import type { Dialect } from '../gateway/dialect.ts'

/** `cluster`: that it is there, its state and nodes. */
export const aspects = ['cluster', 'operations', 'configuration', 'backups'] as const
export type Aspect = (typeof aspects)[number]

const shownBy: Readonly<Record<string, Partial<Record<Aspect, string>>>> = {
  starrocks: {
    cluster: 'DescribeInstances',
    operations: 'ListOperationHistory',
    configuration: 'DescribeInstanceConfigs',
    backups: 'DescribeBackups',
  },
  emr: {
    cluster: 'DescribeInstances',
    operations: 'DescribeInstanceOplog',
    configuration: 'DescribeServiceConfGroupInfos',
  },
  'emr-serverless': { cluster: 'DescribeSLInstanceList', operations: 'DescribeInstanceOplog' },
}

/** The action of a product of clusters that shows this of them; undefined where none does. */
export function actionFor(
  { actions }: Pick<Dialect, 'actions'>,
  product: string,
  aspect: Aspect,
): Action | undefined {
  const name = shownBy[product]?.[aspect]
  return (
    actions.find((each) => each.name === name && productOf(each) === product) ??
    actions.find((each) => each.name === name)
  )
}

/** The products whose clusters a dialect has. */
export function productsOf({ actions }: Pick<Dialect, 'actions'>): readonly string[] {
  const all = new Set(actions.map(productOf))
  return Object.keys(shownBy).filter((product) => all.has(product))
}

function productOf({ product, clustersOf }: Action): string {
  return clustersOf ?? product
}
