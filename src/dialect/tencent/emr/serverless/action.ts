/** What every action of serverless HBase has in common: they are EMR's, and about clusters of a product of their own. */
import { productActions } from '../../../../gateway/action.ts'
import { product as emr, version } from '../action.ts'

/** Its clusters are no clusters of EMR: neither service's actions find the other one's. */
export const product = 'emr-serverless'

export const action = productActions({
  product: emr,
  clustersOf: product,
  version,
  permission: (name) => `emr:${name}`,
})
