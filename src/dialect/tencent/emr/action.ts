/** What every action of EMR has in common: product, version and permission. Actions are found by name, not by a path. */
import { productActions } from '../../../gateway/action.ts'

export const product = 'emr'
export const version = '2019-01-03'

export const action = productActions({ product, version, permission: (name) => `emr:${name}` })
