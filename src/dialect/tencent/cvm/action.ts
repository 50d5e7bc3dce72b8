/** What the actions of the machine service have in common; it answers what EMR's clients ask it about places. */
import { productActions } from '../../../gateway/action.ts'

export const product = 'cvm'
export const version = '2017-03-12'

export const action = productActions({ product, version, permission: (name) => `cvm:${name}` })
