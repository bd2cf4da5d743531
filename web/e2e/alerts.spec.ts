import { expect, test } from '@playwright/test'
import { open } from './pages'

test('a rule is tried on past data, kept, looked at and removed', async ({ page }) => {
  await open(page, '/alerts')
  // An emptied number is not sent as none.
  await page.getByLabel('Alarm palsu per tahun').fill('')
  await page.getByRole('button', { name: 'Simpan aturan' }).click()
  await expect(page.getByLabel('Alarm palsu per tahun')).toBeFocused()
  await page.getByLabel('Alarm palsu per tahun').fill('4')
  await page.getByLabel('Dibandingkan dengan').selectOption('peers')
  await page.getByRole('button', { name: 'Coba pada data lalu' }).click()
  await expect(page.getByText(/Aturan ini akan menimbulkan \d+ peringatan/)).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/alerts-trial.png', fullPage: true })
  // What cannot be is said, with what to write instead.
  await page.getByLabel('Tentang').selectOption('company')
  await page.getByRole('button', { name: 'Coba pada data lalu' }).click()
  await expect(page.getByRole('alert')).toContainText('sesama')
  await page.getByLabel('Dibandingkan dengan').selectOption('history')
  await page.getByLabel('Tentang').selectOption('account')
  await page.getByRole('button', { name: 'Simpan aturan' }).click()
  const rule = page.getByRole('region', { name: 'Aturan', exact: true }).getByRole('row', { name: /tiap akun: di bawah riwayat sendiri/ })
  await expect(rule).toBeVisible()
  await page.getByLabel('Tampilkan').selectOption('all')
  await expect(page).toHaveURL(/state=all/)
  const first = page.locator('tbody a[href^="/alerts/"]').first()
  if ((await first.count()) > 0) {
    await first.click()
    await expect(page.getByRole('heading', { name: 'Mengapa diberitahukan' })).toBeVisible()
    await page.getByRole('button', { name: 'Saya tahu' }).click()
    await expect(page.locator('.badge')).toContainText('diketahui')
    await expect(page.getByRole('link', { name: 'Buat tindakan' })).toHaveAttribute('href', /^\/actions\/new\?origin=alert&key=\d+&account=/)
    await page.screenshot({ path: 'test-results/screens/alert.png', fullPage: true })
    await open(page, '/alerts')
  }
  await page.getByRole('region', { name: 'Aturan', exact: true }).getByRole('row', { name: /tiap akun: di bawah riwayat sendiri/ }).getByRole('button', { name: /^Hapus/ }).click()
  await expect(page.getByRole('dialog')).toContainText('ikut ditutup')
  await page.getByRole('dialog').getByRole('button', { name: 'Hapus' }).click()
  await expect(page.getByRole('region', { name: 'Aturan', exact: true }).getByRole('row', { name: /tiap akun: di bawah riwayat sendiri/ })).toHaveCount(0)
})

test('where nobody could have a report, the page says so in place of a form', async ({ page }) => {
  await open(page, '/reports')
  await expect(page.getByRole('link', { name: 'Tambahkan pengguna' })).toHaveAttribute('href', '/users')
  await expect(page.getByRole('button', { name: 'Jadwalkan laporan' })).toHaveCount(0)
})
