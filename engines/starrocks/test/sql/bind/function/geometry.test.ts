/** ST_ functions. reference: StarRocks' documentation of each, be/test/exprs/geography_functions_test.cpp */
import { sqlFunctionSuite } from '../../../suite/sql-function.ts'

const { holds } = sqlFunctionSuite()

const SQUARE = "ST_Polygon('POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))')"
const RING = "ST_Polygon('POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4))')"

holds('shapes read their text and give it back', [
  ['ST_AsText(ST_Point(24.7, 56.7))', 'POINT (24.7 56.7)', 'varchar(65533)'],
  ["ST_AsWKT(ST_GeomFromText('point(-0.5  .25)'))", 'POINT (-0.5 0.25)'],
  ["ST_AsText(ST_GeometryFromText('LINESTRING (1 1, 2 2)'))", 'LINESTRING (1 1, 2 2)'],
  ["ST_AsText(ST_LineFromText('LINESTRING (1 1, 1 1, 2 2)'))", 'LINESTRING (1 1, 2 2)'],
  ["ST_AsText(ST_LineStringFromText('LINESTRING (1 1, 2 2)'))", 'LINESTRING (1 1, 2 2)'],
  [`ST_AsText(${SQUARE})`, 'POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))'],
  ['ST_AsText(ST_Circle(111, 64, 10000))', 'CIRCLE ((111 64), 10000)'],
  ['ST_X(ST_Point(24.7, 56.7))', '24.7', 'double'],
  ['ST_Y(ST_Point(24.7, 56.7))', '56.7'],
  ['ST_AsText(ST_Point(0.00001, 0))', 'POINT (1e-05 0)'],
])

holds('what is no shape is NULL', [
  ['ST_Point(181, 0)', null],
  ['ST_Point(0, 90.5)', null],
  ['ST_Point(NULL, 1)', null],
  ["ST_AsText('POINT (1 2)')", null],
  ["ST_X(ST_GeometryFromText('LINESTRING (1 1, 2 2)'))", null],
  ["ST_GeometryFromText('POINT (1)')", null],
  ["ST_GeometryFromText('MULTIPOINT (1 1)')", null],
  ["ST_LineFromText('POINT (1 1)')", null],
  ["ST_LineFromText('LINESTRING (1 1, 1 1)')", null],
  ["ST_Polygon('POLYGON ((0 0, 10 0, 10 10, 0 10))')", null],
  ["ST_Polygon('POLYGON ((0 0, 10 0, 0 0))')", null],
  ["ST_Polygon('POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))')", null],
  ["ST_Polygon('POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4))')", null],
  ['ST_Circle(200, 0, 1)', null],
])

holds('what contains what', [
  [`ST_Contains(${SQUARE}, ST_Point(5, 5))`, 'true', 'boolean'],
  [`ST_Contains(${SQUARE}, ST_Point(50, 50))`, 'false'],
  [`ST_Contains(${RING}, ST_Point(5, 5))`, 'false'],
  [`ST_Contains(${RING}, ST_Point(2, 2))`, 'true'],
  [`ST_Contains(${SQUARE}, ST_LineFromText('LINESTRING (1 1, 2 2)'))`, 'true'],
  [`ST_Contains(${SQUARE}, ST_LineFromText('LINESTRING (1 1, 20 2)'))`, 'false'],
  [`ST_Contains(${RING}, ST_LineFromText('LINESTRING (1 1, 9 9)'))`, 'false'],
  [`ST_Contains(${SQUARE}, ST_Polygon('POLYGON ((1 1, 2 1, 2 2, 1 1))'))`, 'true'],
  [`ST_Contains(ST_Polygon('POLYGON ((1 1, 2 1, 2 2, 1 1))'), ${SQUARE})`, 'false'],
  // Written clockwise it is the same square, and not the rest of the earth.
  ["ST_Contains(ST_Polygon('POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))'), ST_Point(50, 50))", 'false'],
  ['ST_Contains(ST_Circle(111, 64, 10000), ST_Point(111.1, 64))', 'true'],
  ['ST_Contains(ST_Circle(111, 64, 10000), ST_Point(112, 64))', 'false'],
  [`ST_Contains(ST_Point(5, 5), ${SQUARE})`, 'false'],
  [`ST_Contains(${SQUARE}, 'POINT (5 5)')`, null],
])

holds('distances on the sphere', [
  [
    'st_distance_sphere(116.35620117, 39.939093, 116.4274406433, 39.9020987219)',
    '7336.913554999592',
    'double',
  ],
  ['st_distance_sphere(0, 0, 0, 0)', '0.0'],
  ['st_distance_sphere(0, 91, 0, 0)', null],
  ['st_distance_sphere(NULL, 0, 0, 0)', null],
  ['round(st_distance_sphere((SELECT 0), 0, (SELECT 180), 0))', '20015118'],
])
