/** What the actions of the MySQL service have in common. Its only instances here are the databases that clusters came with. */
import { productActions } from '../../../gateway/action.ts'
import { product as emr } from '../emr/action.ts'

export const product = 'cdb'
export const version = '2017-03-20'

export const action = productActions({
  product,
  version,
  clustersOf: emr,
  permission: (name) => `cdb:${name}`,
})
