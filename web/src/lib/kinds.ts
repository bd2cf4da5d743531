/** The kinds of data, in the order in which they are offered. */
export const KINDS = [
  'sales',
  'accounts',
  'products',
  'managers',
  'teams',
  'absences',
  'ownership',
  'targets',
  'market',
  'rates',
  'units',
  'activities',
  'offers',
  'stages',
  'feedback',
  'costs',
  'prospects',
  'stock',
  'receivables',
  'aliases',
  'credits',
] as const

export type Kind = (typeof KINDS)[number]
