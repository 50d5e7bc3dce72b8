/** Looks through an expression without entering subqueries. Long chains are walked with a list, not with the call stack. */
import type { Expression, OrderItem } from '../ast.ts'

const orderParts = (items: readonly OrderItem[]): readonly Expression[] =>
  items.map((item) => item.expression)

/** The expressions directly below; those inside a subquery belong to it. */
export const childrenOf = (expression: Expression): readonly Expression[] => {
  switch (expression.kind) {
    case 'call': {
      const { args, orderBy, separator, over } = expression
      const window = over === undefined ? [] : [...over.partitionBy, ...orderParts(over.orderBy)]
      return [...args, ...orderParts(orderBy), ...(separator ? [separator] : []), ...window]
    }
    case 'unary':
    case 'is':
    case 'cast':
    case 'extract':
    case 'field':
    case 'collate':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'between':
      return [expression.operand, expression.low, expression.high]
    case 'in':
      return [expression.operand, ...expression.list]
    case 'inQuery':
      return expression.operands
    case 'like':
      return [
        expression.operand,
        expression.pattern,
        ...(expression.escape ? [expression.escape] : []),
      ]
    case 'case':
      return [
        ...(expression.operand ? [expression.operand] : []),
        ...expression.whens.flatMap((clause) => [clause.when, clause.then]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ]
    case 'interval':
      return [expression.value]
    case 'array':
      return expression.items
    case 'map':
      return expression.entries.flatMap((entry) => [entry.key, entry.value])
    case 'subscript':
      return [expression.operand, expression.index]
    case 'slice':
      return [expression.operand, expression.from, expression.to]
    case 'arrow':
      return [expression.operand, expression.path]
    case 'lambda':
      return [expression.body]
    default:
      return []
  }
}

export const holds = (expression: Expression, test: (node: Expression) => boolean): boolean => {
  const waiting: Expression[] = [expression]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (test(node)) return true
    waiting.push(...childrenOf(node))
  }
  return false
}
