/**
 * One action of a vendor's API, declared as data: what comes in, what goes out, who may, and what it may refuse. `run` makes
 * one call into the core. Everything that is the same for all actions is done around it, by the gateway.
 */
import type { Call } from '../app/call.ts'
import type { Core } from '../app/core.ts'
import type { DependencyName } from '../domain/dependency.ts'
import type { FaultCode } from '../domain/fault.ts'
import { object, type Static, type TObject, type TProperties } from '../shape/shape.ts'

export interface Permission {
  /** What a policy calls the action, e.g. `sr:CreateInstanceV1`. */
  readonly action: string
}

export interface Action {
  readonly product: string
  /** The product whose clusters it is about, where that is another one. */
  readonly clustersOf?: string
  readonly version: string
  readonly name: string
  /** Where the action has a path of its own; else it is found by name. */
  readonly route?: Route
  readonly permission: Permission
  readonly input: TObject
  readonly output: TObject
  /** The faults that `run` may raise, beside those that the gateway raises for any action. */
  readonly faults: readonly FaultCode[]
  /** The services that the real one calls before it answers, in this order; an action that calls some in between does so in `run`. */
  readonly asks?: readonly DependencyName[]
  /**
   * Lists clusters, or finds one by what belongs to it, also when the request names none; then there are only those that the
   * caller's policies make visible.
   */
  readonly listing?: boolean
  /** The resources a policy may name; everything (`*`) when the action knows no single one. */
  resources(call: Call, input: Readonly<Record<string, unknown>>): readonly string[]
  run(
    core: Core,
    call: Call,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>>
}

/** Where an action has a verb and a path of its own. */
export interface Route {
  readonly method: string
  readonly path: string
}

/** What all actions of one product of a vendor have in common. */
export interface Product {
  readonly product: string
  /** The product whose clusters its actions are about, where that is another one. */
  readonly clustersOf?: string
  readonly version: string
  /** From the name of an action: what a policy calls it. */
  permission(name: string): string
  /** From the name of an action: where it is reached. Absent where actions are found by name. */
  route?(name: string): Route
}

/** What an action says about itself; the rest follows from its product and its name. */
export interface Declaration<I extends TProperties, O extends TProperties> {
  readonly name: string
  readonly input: I
  readonly output: O
  readonly faults: readonly FaultCode[]
  readonly asks?: readonly DependencyName[]
  readonly listing?: boolean
  readonly resources?: (call: Call, input: Static<TObject<I>>) => readonly string[]
  readonly run: (core: Core, call: Call, input: Static<TObject<I>>) => Promise<Static<TObject<O>>>
}

type Declare = <I extends TProperties, O extends TProperties>(
  declaration: Declaration<I, O>,
) => Action

/**
 * The function that declares the actions of one product. It types `run` by the declared shapes; what comes out is plain data
 * that the gateway can hold in one list.
 */
export function productActions(of: Product): Declare {
  return (declaration) => ({
    ...declaration,
    product: of.product,
    ...(of.clustersOf === undefined ? {} : { clustersOf: of.clustersOf }),
    version: of.version,
    ...(of.route ? { route: of.route(declaration.name) } : {}),
    permission: { action: of.permission(declaration.name) },
    input: object(declaration.input),
    output: object(declaration.output),
    resources: (call, input) => declaration.resources?.(call, input as never) ?? ['*'],
    run: (core, call, input) =>
      declaration.run(core, call, input as never) as Promise<Readonly<Record<string, unknown>>>,
  })
}
