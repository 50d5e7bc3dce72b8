/**
 * The shapes of the ST_ functions, on the sphere as S2 has it. In SQL a shape is a text that begins with NUL, as StarRocks' does, with the
 * points' exact coordinates; WKT is none. reference: StarRocks 3.3.7, be/src/geo/geo_types.cpp, be/src/exprs/geo_functions.cpp
 */
import { createRequire } from 'node:module'
import { circleText, lineText, parseShape, pointText, polygonText } from './geometry-text.ts'
import type { Coordinate, WrittenShape } from './geometry-text.ts'
import { crossesItself } from './self-crossing.ts'
import type { SpherePoint } from './self-crossing.ts'
import { refuseLongShape, refuseManyPairs } from './shape-bound.ts'

type S2 = typeof import('s2js')
type Point = InstanceType<S2['s2']['Point']>
type Polygon = InstanceType<S2['s2']['Polygon']>

type Shape =
  | { readonly kind: 'point'; readonly at: SpherePoint }
  | { readonly kind: 'line'; readonly through: readonly SpherePoint[] }
  | { readonly kind: 'polygon'; readonly loops: readonly (readonly SpherePoint[])[] }
  | { readonly kind: 'circle'; readonly center: SpherePoint; readonly chord: number }

export type ShapeKind = Shape['kind']

const load = createRequire(import.meta.url)
let known: S2 | undefined

/** Loaded on its first use: most instances never ask for a shape. */
const s2 = (): S2['s2'] => (known ??= load('s2js') as S2).s2

const EARTH_METERS = 6_371_010
const radians = (degrees: number): number => (Math.PI / 180) * degrees
const degrees = (angle: number): number => (180 / Math.PI) * angle

function placeOf([lng, lat]: Coordinate): SpherePoint | undefined {
  if (!(Math.abs(lng) <= 180 && Math.abs(lat) <= 90)) return undefined
  const [theta, phi] = [radians(lng), radians(lat)]
  const cosine = Math.cos(phi)
  return [Math.cos(theta) * cosine, Math.sin(theta) * cosine, Math.sin(phi)]
}

const longitudeOf = ([x, y]: SpherePoint): number => degrees(Math.atan2(y, x))
const latitudeOf = ([x, y, z]: SpherePoint): number =>
  degrees(Math.atan2(z, Math.sqrt(x * x + y * y)))
const coordinateOf = (place: SpherePoint): Coordinate => [longitudeOf(place), latitudeOf(place)]

const pointAt = ([x, y, z]: SpherePoint): Point => new (s2().Point)(x, y, z)
const placeAt = ({ x, y, z }: Point): SpherePoint => [x, y, z]

const samePlace = (a: SpherePoint, b: SpherePoint): boolean => a.every((part, at) => part === b[at])

function placesOf(coordinates: readonly Coordinate[]): readonly SpherePoint[] | undefined {
  const places = coordinates.map(placeOf)
  return places.every((place) => place !== undefined) ? places : undefined
}

/** Without those that repeat the one before. */
const distinct = (places: readonly SpherePoint[]): readonly SpherePoint[] =>
  places.filter((place, at) => {
    const before = places[at - 1]
    return before === undefined || !samePlace(place, before)
  })

function lineOf(coordinates: readonly Coordinate[]): Shape | undefined {
  const through = distinct(placesOf(coordinates) ?? [])
  if (through.length < 2) return undefined
  return polylineOf(through).validate() ? undefined : { kind: 'line', through }
}

const polylineOf = (places: readonly SpherePoint[]) => new (s2().Polyline)(places.map(pointAt))

function loopOf(coordinates: readonly Coordinate[]) {
  const places = placesOf(coordinates) ?? []
  const [first, last] = [places[0], places.at(-1)]
  if (!first || !last || !samePlace(first, last)) return undefined
  const vertices = distinct(places).slice(0, -1)
  if (vertices.length < 3 || crossesItself(vertices)) return undefined
  const loop = new (s2().Loop)(vertices.map(pointAt))
  if (loop.validate()) return undefined
  loop.normalize()
  return loop
}

function polygonOf(written: readonly (readonly Coordinate[])[]): Shape | undefined {
  const loops = written.map(loopOf)
  if (!loops.every((loop) => loop !== undefined)) return undefined
  const [shell, ...holes] = loops
  if (!shell || !holes.every((hole) => shell.contains(hole))) return undefined
  const polygon = new (s2().Polygon)([...loops])
  return { kind: 'polygon', loops: polygon.loops.map((loop) => loop.vertices.map(placeAt)) }
}

function shapeOf(written: WrittenShape): Shape | undefined {
  if (written.kind === 'line') return lineOf(written.through)
  if (written.kind === 'polygon') return polygonOf(written.loops)
  const at = placeOf(written.at)
  return at && { kind: 'point', at }
}

const MARK = '\0'

const encoded = (shape: Shape): string => `${MARK}${JSON.stringify(shape)}`

function decoded(text: string): Shape | undefined {
  if (!text.startsWith(MARK)) return undefined
  try {
    return JSON.parse(text.slice(MARK.length)) as Shape
  } catch {
    return undefined
  }
}

export function shapeFromPoint(lng: number, lat: number): string | undefined {
  const at = placeOf([lng, lat])
  return at && encoded({ kind: 'point', at })
}

/** A radius below zero makes none; one beyond half the earth, all of it. */
export function shapeFromCircle(lng: number, lat: number, meters: number): string | undefined {
  const center = placeOf([lng, lat])
  const angle = meters / EARTH_METERS
  if (!center || !(angle >= 0)) return undefined
  const half = 2 * Math.sin(0.5 * Math.min(Math.PI, angle))
  return encoded({ kind: 'circle', center, chord: half * half })
}

/** Undefined where the text is no shape, or one of another kind. */
export function shapeFromText(text: string, kind: ShapeKind | 'any'): string | undefined {
  refuseLongShape(text)
  const written = parseShape(text)
  const shape = written && (kind === 'any' || written.kind === kind) ? shapeOf(written) : undefined
  return shape && encoded(shape)
}

export function shapeText(text: string): string | undefined {
  const shape = decoded(text)
  switch (shape?.kind) {
    case 'point':
      return pointText(coordinateOf(shape.at))
    case 'line':
      return lineText(shape.through.map(coordinateOf))
    case 'polygon':
      return polygonText(shape.loops.map((loop) => loop.map(coordinateOf)))
    case 'circle': {
      const angle = 2 * Math.asin(0.5 * Math.sqrt(shape.chord))
      return circleText(coordinateOf(shape.center), angle * EARTH_METERS)
    }
    case undefined:
      return undefined
  }
}

/** Of a point; undefined for other shapes. */
export function coordinateAt(text: string, axis: 'x' | 'y'): number | undefined {
  const shape = decoded(text)
  if (shape?.kind !== 'point') return undefined
  return axis === 'x' ? longitudeOf(shape.at) : latitudeOf(shape.at)
}

/** A polygon contains points, lines and polygons, a circle points; all else contains nothing. Undefined where one is no shape. */
export function shapeContains(outer: string, inner: string): boolean | undefined {
  const [a, b] = [decoded(outer), decoded(inner)]
  if (!a || !b) return undefined
  if (a.kind === 'circle') return b.kind === 'point' && squaredChord(a.center, b.at) <= a.chord
  if (a.kind !== 'polygon' || b.kind === 'circle') return false
  const polygon = polygonNamed(outer, a.loops)
  if (b.kind === 'point') return polygon.containsPoint(pointAt(b.at))
  if (b.kind === 'polygon') return polygon.contains(polygonNamed(inner, b.loops))
  const vertices = a.loops.reduce((sum, loop) => sum + loop.length, 0)
  refuseManyPairs(vertices * b.through.length)
  const line = polylineOf(b.through)
  const crosses = a.loops.some((loop) =>
    polylineOf([...loop, ...loop.slice(0, 1)]).intersects(line),
  )
  return !crosses && b.through.every((place) => polygon.containsPoint(pointAt(place)))
}

const squaredChord = (a: SpherePoint, b: SpherePoint): number =>
  Math.min(
    4,
    a.reduce((sum, part, at) => sum + (part - (b[at] ?? 0)) ** 2, 0),
  )

/** The polygons that were looked at last, with their indexes: mostly one and the same for all rows. */
const polygons = new Map<string, Polygon>()
const POLYGONS_KEPT = 8

function polygonNamed(text: string, loops: readonly (readonly SpherePoint[])[]): Polygon {
  const found = polygons.get(text)
  if (found) return found
  const { Loop, Polygon: Build } = s2()
  const made = new Build(loops.map((loop) => new Loop(loop.map(pointAt))))
  polygons.set(text, made)
  for (const oldest of polygons.keys()) {
    if (polygons.size <= POLYGONS_KEPT) break
    polygons.delete(oldest)
  }
  return made
}
