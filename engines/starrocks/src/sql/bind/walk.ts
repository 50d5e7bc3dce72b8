/** Looks through an expression without entering subqueries. Long chains are walked with a list, not with the call stack. */
import type { Expression, ExpressionKind, OrderItem } from '../ast.ts'

const orderParts = (items: readonly OrderItem[]): readonly Expression[] =>
  items.map((item) => item.expression)

type Of<K extends ExpressionKind> = Extract<Expression, { kind: K }>

const defined = (...items: readonly (Expression | undefined)[]): readonly Expression[] =>
  items.filter((item) => item !== undefined)

const operand = (expression: { readonly operand: Expression }): readonly Expression[] => [
  expression.operand,
]

/** The expressions directly below, for the kinds that have any; those inside a subquery belong to it. */
const children: { readonly [K in ExpressionKind]?: (expression: Of<K>) => readonly Expression[] } =
  {
    call: ({ args, orderBy, separator, over }) => [
      ...args,
      ...orderParts(orderBy),
      ...defined(separator),
      ...(over?.partitionBy ?? []),
      ...orderParts(over?.orderBy ?? []),
    ],
    unary: operand,
    is: operand,
    cast: operand,
    extract: operand,
    field: operand,
    collate: operand,
    binary: ({ left, right }) => [left, right],
    between: (expression) => [expression.operand, expression.low, expression.high],
    in: (expression) => [expression.operand, ...expression.list],
    inQuery: ({ operands }) => operands,
    like: (expression) => defined(expression.operand, expression.pattern, expression.escape),
    case: (expression) => [
      ...defined(expression.operand, expression.otherwise),
      ...expression.whens.flatMap((clause) => [clause.when, clause.result]),
    ],
    interval: ({ value }) => [value],
    array: ({ items }) => items,
    map: ({ entries }) => entries.flatMap((entry) => [entry.key, entry.value]),
    subscript: (expression) => [expression.operand, expression.index],
    slice: (expression) => [expression.operand, expression.from, expression.to],
    arrow: (expression) => [expression.operand, expression.path],
    lambda: ({ body }) => [body],
  }

const childrenOf = (expression: Expression): readonly Expression[] => {
  const read = children[expression.kind] as
    | ((expression: Expression) => readonly Expression[])
    | undefined
  return read?.(expression) ?? []
}

export const holds = (expression: Expression, test: (node: Expression) => boolean): boolean => {
  const waiting: Expression[] = [expression]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (test(node)) return true
    waiting.push(...childrenOf(node))
  }
  return false
}
