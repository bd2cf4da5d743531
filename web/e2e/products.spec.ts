import { expect, test } from '@playwright/test'
import { open } from './pages'

test('what becomes of products is told beside their sales, in both languages', async ({ page }) => {
  await open(page, '/products?period=2025')
  const table = page.getByRole('region', { name: /Perkembangan produk/ })
  const said = await (await page.request.get('/api/products?period=2025', { headers: { 'Accept-Language': 'id' } })).json()
  await expect(table.locator('tbody tr')).toHaveCount(said.rows.length)
  await expect(page.getByText('Bergerak bersama bukan berarti menyebabkan', { exact: false })).toBeVisible()
  // The category that is chosen above the sales holds here too.
  const { rows } = (await (await page.request.get('/api/metrics?by=category&period=2025&kpi=net_sales')).json()) as { rows: { category: string | null }[] }
  const category = rows.find((row) => row.category)?.category ?? ''
  await open(page, `/products?period=2025&category=${encodeURIComponent(category)}`)
  const of = await (await page.request.get(`/api/products?period=2025&where=${encodeURIComponent(`category = '${category}'`)}`)).json()
  await expect(table.locator('tbody tr')).toHaveCount(of.rows.length)
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { name: 'How products are doing' })).toBeVisible()
})
