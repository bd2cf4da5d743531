import { expect, test } from '@playwright/test'
import { open } from './pages'

test('profit is told per account and per manager, and what fewer visits would save', async ({ page }) => {
  await open(page, '/profit')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Laba setelah biaya melayani')
  const said = await (await page.request.get('/api/profit?by=manager', { headers: { 'Accept-Language': 'id' } })).json()
  await page.getByRole('combobox', { name: 'Rinci menurut' }).selectOption('manager')
  const table = page.getByRole('region', { name: /Laba satu per satu/ })
  await expect(table.locator('tbody tr')).toHaveCount(said.rows.length + (said.untied ? 1 : 0))
  await expect(page).toHaveURL(/by=manager/)
  // What lies behind a row is of the same period.
  await expect(table.locator('tbody a[href*="period="]').first()).toBeVisible()
  await page.getByRole('button', { name: 'Hitung' }).click()
  await expect(page.getByText('itu andaian, bukan hasil data')).toBeVisible()
  await expect(page).toHaveURL(/visits=20/)
})

test('a price floor and a minimum order are worked out for every account, and hours stand beside margin', async ({ page }) => {
  await open(page, '/profit')
  await page.getByLabel('Harga terendah (% median akun lain)').fill('95')
  await page.getByLabel('Pesanan terkecil').fill('500000')
  await page.getByLabel('Pesanan di bawahnya').selectOption('merge')
  await page.getByLabel('Kunjungan berkurang (%)').fill('')
  await page.getByRole('button', { name: 'Hitung' }).click()
  await expect(page).toHaveURL(/floor=95.*min=500000.*small=merge/)
  const asked = '/api/profit/what-if?price_floor=0.95&min_order=500000&small_orders=merge&limit=10'
  const said = await (await page.request.get(asked, { headers: { 'Accept-Language': 'id' } })).json()
  await expect(page.getByText(said.summary[0])).toBeVisible()
  const table = page.getByRole('region', { name: 'Perubahan per akun' })
  await expect(table.locator('tbody tr')).toHaveCount(said.rows.length)
  const hours = await (await page.request.get('/api/profit/hours?limit=10', { headers: { 'Accept-Language': 'id' } })).json()
  await expect(page.getByText(hours.summary[0])).toBeVisible()
})

test('the page of profit reads in English', async ({ page }) => {
  await open(page, '/profit')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Profit after the cost to serve')
  await page.getByRole('button', { name: 'Work out' }).click()
  await expect(page.getByText('an assumption, not a finding')).toBeVisible()
})
