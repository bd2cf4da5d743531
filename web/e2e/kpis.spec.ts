import { expect, test } from '@playwright/test'
import { open } from './pages'

test('an own KPI is tried while it is written, refused at the place, saved, changed and removed', async ({ page }) => {
  await open(page, '/kpis')
  const rumus = page.getByRole('textbox', { name: 'Rumus', exact: true })
  await rumus.fill("sum(sales.netto where category = 'Minuman')")
  await expect(page.getByRole('alert')).toContainText('karakter 11')
  await expect(page.getByRole('alert')).toContainText('net_amount')
  await expect(page.locator('mark')).toHaveText('n')
  await expect(page.getByRole('button', { name: 'Simpan KPI' })).toBeDisabled()

  // Written right, it shows what it comes to by manager, and the rows behind it.
  await rumus.fill("sum(sales.net_amount where category = 'Minuman') / net_sales")
  await expect(page.getByRole('region', { name: /Hasil percobaan/ }).getByRole('row').nth(2)).toBeVisible()
  await page.getByText(/^sales: .* baris di baliknya/).click()
  await expect(page.getByRole('region', { name: /Tabel sales/ })).toContainText('penjualan.csv')
  await page.screenshot({ path: 'test-results/screens/kpis-tried.png', fullPage: true })

  await page.getByLabel('Id', { exact: true }).fill('porsi_minuman')
  await page.getByLabel('Nama (Indonesia)').fill('Porsi <b>minuman</b>')
  await page.getByRole('button', { name: 'Simpan KPI' }).click()
  await expect(page.getByText('tersimpan sebagai versi 1')).toBeVisible()
  const list = page.getByRole('region', { name: 'Semua KPI' })
  await expect(list.getByRole('heading', { name: 'Porsi <b>minuman</b> porsi_minuman milik sendiri, v1' })).toBeVisible()

  // Another expression is another version; the first stays readable.
  await list.getByRole('button', { name: 'Ubah Porsi' }).click()
  await rumus.fill("sum(sales.net_amount where category = 'Minuman')")
  await page.getByLabel('Satuan').selectOption('money')
  await page.getByLabel('Periode panjang').selectOption('sum')
  await expect(page.getByRole('region', { name: /Hasil percobaan/ })).toContainText('Rp')
  await page.getByRole('button', { name: 'Simpan KPI' }).click()
  await expect(page.getByText('tersimpan sebagai versi 2')).toBeVisible()
  await list.getByRole('button', { name: 'Riwayat Porsi' }).click()
  await expect(list.getByText('Versi 1 ·')).toBeVisible()
  await expect(list.getByText("/ net_sales")).toBeVisible()

  // A check that disagrees keeps it from being saved.
  await page.getByLabel(/^Rumus pemeriksa/).fill('net_sales')
  await expect(page.getByText(/memberi hasil lain pada \d+ baris/)).toBeVisible()
  await page.getByRole('button', { name: 'Simpan KPI' }).click()
  await expect(page.getByRole('alert')).toContainText('KPI tidak disimpan')

  await list.getByRole('button', { name: 'Hapus Porsi' }).click()
  await expect(list.getByRole('heading', { name: /Porsi/ })).toHaveCount(0)
})

test('an industry pack is taken into use', async ({ page }) => {
  await open(page, '/kpis')
  const packs = page.getByRole('region', { name: 'Paket industri' })
  await packs.getByLabel('Bidang usaha').selectOption('distribution')
  await packs.getByText('Istilah', { exact: true }).click()
  await expect(packs).toContainText('NOO')
  await packs.getByRole('button', { name: 'Pakai paket ini' }).click()
  await expect(packs.getByText('4 KPI tersimpan.')).toBeVisible()
  await expect(packs.getByRole('option', { name: 'Distribusi dan FMCG (dipakai)' })).toBeAttached()
  await expect(page.getByRole('heading', { name: /^Kunjungan efektif effective_calls milik sendiri/ })).toBeVisible()
})
