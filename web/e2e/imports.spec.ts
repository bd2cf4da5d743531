import { expect, test, type Page } from '@playwright/test'
import { open, settle } from './pages'

const HEAD = 'no_faktur;tanggal;kode_pelanggan;nama_pelanggan;kode_sales;nama_sales;nama_barang;jumlah;harga_satuan'

/** A file like a small distributor's: two good lines, and two with a quantity that is no number; one is easily guessed. */
function file(run: string): { name: string; mimeType: string; buffer: Buffer } {
  const rows = [
    `UJI-${run}-1;2025-10-06;UJI-1;Toko Uji Coba;UJI-M;Sari Uji;Teh Melati;10;12500`,
    `UJI-${run}-2;2025-10-27;UJI-1;Toko Uji Coba;UJI-M;Sari Uji;Kopi Prima;4;20000`,
    `UJI-${run}-3;2025-10-28;UJI-1;Toko Uji Coba;UJI-M;Sari Uji;Kopi Prima;dua belas;20000`,
    `UJI-${run}-4;2025-10-29;UJI-1;Toko Uji Coba;UJI-M;Sari Uji;Kopi Prima;1O;20000`,
  ]
  return { name: `uji-${run}.csv`, mimeType: 'text/csv', buffer: Buffer.from([HEAD, ...rows, ''].join('\r\n')) }
}

async function upload(page: Page, what: ReturnType<typeof file>): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(what)
  await expect(page.getByRole('heading', { name: `Hasil pemeriksaan: ${what.name}` })).toBeVisible()
}

test('upload, check, correct, import, repair, undo', async ({ page }) => {
  const run = Date.now().toString(36)
  const sample = file(run)
  await open(page, '/imports')
  await upload(page, sample)

  // The check: nothing saved, columns recognised, the bad row named.
  await expect(page.getByText('Belum ada yang disimpan.')).toBeVisible()
  await expect(page.getByLabel('Dipakai sebagai: jumlah')).toHaveValue('quantity')
  await expect(page.getByRole('region', { name: 'Baris yang disisihkan', exact: true })).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/import-check.png', fullPage: true })

  // A reload finds the upload again.
  await page.reload()
  await expect(page.getByRole('heading', { name: `Hasil pemeriksaan: ${sample.name}` })).toBeVisible()

  // The mapping can be changed, and is checked again.
  const meaning = page.getByLabel('Dipakai sebagai: nama_barang')
  const rechecked = page.waitForResponse((response) => /\/api\/imports\/check\/.+/.test(response.url()))
  await meaning.selectOption('category')
  await rechecked
  await expect(meaning).toHaveValue('category')
  await expect(meaning).toBeEnabled()
  await meaning.selectOption('product_name')
  await expect(meaning).toHaveValue('product_name')
  await expect(meaning).toBeEnabled()

  // How it is read can be kept, and chosen for the next file.
  await page.getByLabel('Simpan cara membacanya dengan nama').fill(`Uji ${run}`)
  await page.getByRole('button', { name: 'Simpan cara baca' }).click()
  await expect(page.getByText(`Tersimpan sebagai Uji ${run}.`)).toBeVisible()

  await page.getByRole('button', { name: /^Impor [\d.]+ baris$/ }).click()
  await expect(page.getByText(new RegExp(`baris dari ${sample.name} tersimpan`))).toBeVisible()
  await settle(page)
  const row = page.locator('tbody tr', { hasText: sample.name }).first()
  await expect(row).toContainText('Tersimpan')

  await page.getByLabel('Baca seperti').selectOption(`Uji ${run}`)
  await upload(page, sample)
  await expect(page.getByText('dari profil tersimpan').first()).toBeVisible()
  await expect(page.getByText('Semua baris sudah tersimpan').first()).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/import-profile.png', fullPage: true })
  await page.getByRole('button', { name: 'Batal, pilih berkas lain' }).click()
  await open(page, '/imports')
  await page.locator('tbody tr', { hasText: sample.name }).first().getByRole('link', { name: '2', exact: true }).click()

  // The rows set aside are repaired in the page.
  await settle(page)
  await page.locator('input.cell.wrong').first().fill('12')
  await page.getByRole('button', { name: 'Pakai saran 10 di kolom jumlah, baris 5' }).click()
  await expect(page.locator('input.cell.wrong').nth(1)).toHaveValue('10')
  await page.screenshot({ path: 'test-results/screens/import-repair.png', fullPage: true })
  await page.getByRole('button', { name: /baris yang diperbaiki/ }).click()
  await expect(page.getByText(/masih disisihkan/)).toBeVisible()

  // Undo asks first, and says what it did.
  await open(page, '/imports')
  const saved = page.locator('tbody tr', { hasText: sample.name }).filter({ hasText: 'Tersimpan' })
  for (let left = await saved.count(); left > 0; left -= 1) {
    await saved.first().getByRole('button', { name: /Batalkan impor/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Batalkan impor ini?' })
    await expect(dialog).toContainText(sample.name)
    await dialog.getByRole('button', { name: 'Ya, batalkan impor' }).click()
    await expect(page.getByText(/Impor dibatalkan/)).toBeVisible()
    await settle(page)
    await expect(saved).toHaveCount(left - 1)
  }
})

test('bad cells are corrected before anything is saved', async ({ page }) => {
  const sample = file(Date.now().toString(36))
  await open(page, '/imports')
  await upload(page, sample)
  const bad = page.getByRole('region', { name: 'Baris yang disisihkan', exact: true })
  const before = await bad.getByRole('textbox').count()
  expect(before).toBeGreaterThan(1)
  await bad.getByRole('textbox').first().fill('12')
  await page.screenshot({ path: 'test-results/screens/import-correct.png', fullPage: true })
  await bad.getByRole('button', { name: 'Periksa lagi dengan 1 koreksi' }).click()
  await expect(bad.getByRole('textbox')).toHaveCount(before - 1)
  await bad.getByRole('button', { name: /^Pakai \d+ saran$/ }).click()
  await bad.getByRole('button', { name: /^Periksa lagi dengan/ }).click()
  await expect(bad).toHaveCount(0)
  await page.getByRole('button', { name: 'Batal, pilih berkas lain' }).click()
})

test('a dialog can be left with Escape, and nothing happens', async ({ page }) => {
  await open(page, '/imports')
  const undo = page.getByRole('button', { name: /Batalkan impor/ }).first()
  await undo.click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(undo).toBeVisible()
})

test('the template can be downloaded', async ({ page }) => {
  await open(page, '/imports')
  const href = (await page.getByRole('link', { name: 'Unduh templat Excel' }).getAttribute('href')) ?? ''
  const answer = await page.request.get(href)
  expect(answer.ok()).toBe(true)
  expect((await answer.body()).subarray(0, 2).toString()).toBe('PK')
})

test('a file that cannot be read is refused in words', async ({ page }) => {
  await open(page, '/imports')
  await page.locator('input[type=file]').setInputFiles({ name: 'rusak.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\u0003\u0004 rusak') })
  const alert = page.getByRole('alert')
  await expect(alert).toBeVisible()
  expect(((await alert.textContent()) ?? '').length).toBeGreaterThan(20)
})
