/**
 * What one vendor adds to a cluster or a node group beside what the core knows: a shape that its dialect declares, with a
 * version. The core keeps it, returns it and never looks inside. It is decoded once, where documents are loaded
 * (`ExtensionShape`), so that whoever reads it may rely on its type.
 */

export interface Extension {
  /** The dialect that declares the shape. */
  readonly dialect: string
  /** Of the shape; an older one is upgraded when it is loaded. */
  readonly version: number
}

/** How a dialect's extensions are checked and brought to the present version. Throws for what is neither. */
export interface ExtensionDecoder {
  readonly dialect: string
  cluster(value: unknown): Extension
  group(value: unknown): Extension
}
