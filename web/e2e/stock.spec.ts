import { expect, test } from '@playwright/test'
import { open } from './pages'

test('stock is told by branch, most urgent first, and becomes an action', async ({ page }) => {
  await open(page, '/stock')
  const said = await (await page.request.get('/api/stock?limit=1', { headers: { 'Accept-Language': 'id' } })).json()
  const first = page.locator('article').first()
  await expect(first).toContainText(said.rows[0].product.id)
  await expect(first).toContainText(said.rows[0].reasons[0])
  await page.getByLabel('Cabang', { exact: true }).selectOption(said.rows[0].branch.id)
  await expect(page).toHaveURL(/branch=/)
  await expect(page.locator('article').first()).toContainText(said.rows[0].branch.id)
  await page.getByLabel('Hari sampai pesanan tiba').fill('30')
  await page.keyboard.press('Tab')
  await expect(page).toHaveURL(/lead=30/)
  await page.locator('article').first().getByRole('link', { name: 'Jadikan tindakan' }).click()
  await expect(page).toHaveURL(/\/actions\/new\?kind=stock/)
  // The product goes along; which accounts it is for has to be chosen.
  await expect(page.getByLabel('Mengapa ini akan berhasil')).toHaveValue(/\(.+\)/)
  await expect(page.getByText(/Pilih dulu akun/)).toBeVisible()
})
