import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { open } from './pages'

// The last of all files by its name: from the first user on the server asks who one is.
test('an owner is added, comes in, lets an account manager in, and sees what was done', async ({ page, browser }) => {
  const password = 'kuda besi hijau'
  await open(page, '/users')
  await expect(page.getByText('Belum ada pengguna.')).toBeVisible()
  await page.getByLabel('Nama masuk').fill('pemilik')
  await page.getByLabel('Nama', { exact: true }).fill('Pemilik Toko')
  await page.getByLabel(/^Kata sandi pertama/).fill('1234567890')
  await page.getByRole('button', { name: 'Tambahkan' }).click()
  await expect(page.getByRole('alert')).toContainText('penebak')
  await page.getByLabel(/^Kata sandi pertama/).fill(password)
  await page.getByRole('button', { name: 'Tambahkan' }).click()

  await expect(page.getByRole('heading', { name: 'Masuk ke Takar' })).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/login.png', fullPage: true })
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.getByLabel('Nama masuk').fill('pemilik')
  await page.getByLabel('Kata sandi', { exact: true }).fill('salah sama sekali')
  await page.getByRole('button', { name: 'Masuk', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('tidak cocok')
  await page.getByLabel('Kata sandi', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Masuk', exact: true }).click()

  await expect(page.getByRole('heading', { name: 'Semua pengguna' })).toBeVisible()
  await page.getByLabel('Nama masuk').fill('sales.satu')
  await page.getByLabel('Peran').first().selectOption('account_manager')
  await page.getByLabel(/^Manajer akun/).fill('SLS-001')
  await page.getByLabel(/^Kata sandi pertama/).fill(password)
  await page.getByRole('button', { name: 'Tambahkan' }).click()
  await expect(page.getByRole('heading', { name: 'sales.satu' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Yang dilakukan', exact: true })).toContainText('add user')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.screenshot({ path: 'test-results/screens/users.png', fullPage: true })
  await page.setViewportSize({ width: 390, height: 800 })
  await page.screenshot({ path: 'test-results/screens/users-phone.png', fullPage: true })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)

  // The account manager sees the own figures and no colleague, and has no page to bring in data.
  const other = await browser.newPage()
  await other.goto(`${process.env['TAKAR_URL']}/managers`)
  await other.getByLabel('Nama masuk').fill('sales.satu')
  await other.getByLabel('Kata sandi', { exact: true }).fill(password)
  await other.getByRole('button', { name: 'Masuk', exact: true }).click()
  await expect(other.locator('tbody a[href^="/managers/SLS-001"]').first()).toBeVisible()
  await expect(other.locator('tbody a[href^="/managers/SLS-002"]')).toHaveCount(0)
  await expect(other.getByRole('navigation', { name: 'Halaman' }).getByRole('link', { name: 'Impor data' })).toHaveCount(0)
  await other.screenshot({ path: 'test-results/screens/managers-own.png', fullPage: true })
  await other.getByRole('link', { name: /sales\.satu/ }).click()
  await other.getByLabel('Untuk apa').fill('laporan')
  await other.getByRole('button', { name: 'Buat token' }).click()
  await expect(other.getByRole('form', { name: 'Token untuk program' }).getByRole('status')).toContainText('takar_')
  await other.screenshot({ path: 'test-results/screens/me.png', fullPage: true })
  await other.getByRole('button', { name: 'Keluar' }).click()
  await expect(other.getByRole('heading', { name: 'Masuk ke Takar' })).toBeVisible()
})
