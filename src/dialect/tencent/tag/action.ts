/** What the actions of the tag service have in common. Here the only resources that it can tag are EMR's clusters. */
import { productActions } from '../../../gateway/action.ts'
import { product as emr } from '../emr/action.ts'

export const product = 'tag'
export const version = '2018-08-13'

export const action = productActions({
  product,
  version,
  clustersOf: emr,
  permission: (name) => `tag:${name}`,
})
