/** What the server tells of products. */
export interface Said {
  times: number
  accounts: number
  worth: number
}

export interface ProductRow {
  id: string
  name: string | null
  net_sales: number
  base_sales: number | null
  buyers: number
  began: number | null
  stopped: number | null
  trend: number | null
  trend_p: number | null
  trend_months: number | null
  stands_out: boolean
  complaints: Said
  requests: Said
}

export interface Products {
  period: string
  base: string | null
  by: 'product' | 'category'
  rows: ProductRow[]
  total_rows: number
  together: { stopped: string; began: string; both: number; lift: number; p: number; n: number; words: string }[]
  pairs: number
  summary: string[]
  notes: string[]
  data_version: number
}
