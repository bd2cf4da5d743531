import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { open, settle } from './pages'

test('kinds of data are counted, summed up by word and filtered', async ({ page }) => {
  await open(page, '/facts')
  await page.screenshot({ path: 'test-results/screens/facts.png', fullPage: true })
  await page.getByRole('link', { name: /^Penawaran/ }).first().click()
  await settle(page)
  await expect(page.getByRole('heading', { name: '4 baris' })).toBeVisible()
  const won = page.getByRole('button', { name: /menang/ })
  await expect(won).toContainText('2 baris')
  await expect(won).toContainText('16.750.000')
  await page.screenshot({ path: 'test-results/screens/facts-offers.png', fullPage: true })
  await won.click()
  await settle(page)
  await expect(page.getByRole('heading', { name: '2 baris' })).toBeVisible()
  await expect(page).toHaveURL(/word=won/)
  await expect(page.getByRole('row', { name: /PNW-3/ })).toHaveCount(0)
})

/** Undoes what this test brought in, newest first. */
async function undoSince(page: Page, before: number): Promise<void> {
  const made = (await (await page.request.get('/api/imports')).json()) as { id: number; state: string }[]
  for (const one of made.filter((one) => one.id > before && one.state === 'done')) await page.request.post(`/api/imports/${one.id}/undo`)
}

async function newest(page: Page): Promise<number> {
  const made = (await (await page.request.get('/api/imports')).json()) as { id: number }[]
  return Math.max(0, ...made.map((one) => one.id))
}

test('every kind has a form that asks what it needs', async ({ page }) => {
  const kinds = (await (await page.request.get('/api/facts')).json()) as { kind: string; form: { once: unknown[] } }[]
  expect(kinds.length).toBeGreaterThan(15)
  for (const kind of kinds) expect(kind.form.once.length, kind.kind).toBeGreaterThan(1)
})

test('owners with shares, an invoice with two lines and a target are given in forms', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const before = await newest(page)
  await open(page, '/facts/ownership?account=LEPAS-1')
  await page.getByRole('button', { name: 'Tambah satu' }).click()
  let form = page.getByRole('form', { name: 'Tambah satu' })
  await form.getByLabel('kode pelanggan').fill('LEPAS-1')
  await form.getByLabel('mulai').fill('2025-10-01')
  const first = form.getByRole('group', { name: 'Baris 1' })
  await first.getByLabel('kode sales').fill('SLS-001')
  await first.getByLabel(/^bagian/).fill('60')
  await expect(form.getByText('Jumlah bagian: 60%. Biasanya 100%.')).toBeVisible()
  await form.getByRole('button', { name: 'Tambah baris' }).click()
  const second = form.getByRole('group', { name: 'Baris 2' })
  await second.getByLabel('kode sales').fill('SLS-002')
  await second.getByLabel(/^bagian/).fill('40')
  await expect(form.getByText('Jumlah bagian: 100%.', { exact: true })).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.screenshot({ path: 'test-results/screens/facts-ownership-phone.png', fullPage: true })
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Baris disimpan.')).toBeVisible()
  // Corrected together: the account and the day stay, both owners are there.
  await page.getByRole('button', { name: 'Koreksi' }).first().click()
  form = page.getByRole('form', { name: 'Koreksi' })
  await expect(form.getByLabel('kode pelanggan')).toHaveAttribute('readonly')
  await expect(form.getByRole('group', { name: 'Baris 2' }).getByLabel(/^bagian/)).toHaveValue(/^(40|60)$/)
  await form.getByRole('group', { name: 'Baris 2' }).getByRole('button', { name: 'Hapus baris ini' }).click()
  await form.getByRole('group', { name: 'Baris 1' }).getByLabel(/^bagian/).fill('100')
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form).toHaveCount(0)
  await expect(page.getByRole('heading', { name: '1 baris' })).toBeVisible()

  await page.setViewportSize({ width: 1280, height: 900 })
  await open(page, '/facts/sales?account=FORM-1')
  await page.getByRole('button', { name: 'Tambah satu' }).click()
  form = page.getByRole('form', { name: 'Tambah satu' })
  await form.getByLabel('nomor faktur').fill('FORM-F1')
  await form.getByLabel('tanggal').fill('2025-10-20')
  await form.getByLabel('kode pelanggan').fill('FORM-1')
  for (const [place, [product, quantity, net]] of [['Teh', '2', '24000.5'], ['Kopi', '1', '']].entries()) {
    if (place > 0) await form.getByRole('button', { name: 'Tambah baris' }).click()
    const line = form.getByRole('group', { name: `Baris ${place + 1}` })
    await line.getByLabel('kode barang').fill(product ?? '')
    await line.getByLabel('jumlah').fill(quantity ?? '')
    await line.getByLabel('nilai bersih').fill(net || '9999999999999999')
  }
  // One bad line keeps the whole invoice out, and says which.
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByRole('alert')).toContainText('Baris 2')
  expect(((await (await page.request.get('/api/facts/sales?account=FORM-1')).json()) as { total: number }).total).toBe(0)
  await form.getByRole('group', { name: 'Baris 2' }).getByLabel('nilai bersih').fill('13000')
  await expect(form.getByText('Jumlah nilai: 37.000,5.')).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/facts-invoice.png', fullPage: true })
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Baris disimpan.')).toBeVisible()
  await expect(page.getByRole('heading', { name: '2 baris' })).toBeVisible()

  await open(page, '/facts/targets?account=FORM-1')
  await page.getByRole('button', { name: 'Tambah satu' }).click()
  form = page.getByRole('form', { name: 'Tambah satu' })
  await form.getByLabel(/^periode/).fill('Oktober')
  await form.getByLabel(/^ukuran/).selectOption({ label: 'Jumlah barang' })
  await form.getByLabel(/^target/).fill('50')
  await form.getByLabel('kode pelanggan').fill('FORM-1')
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByRole('alert')).toContainText('periode')
  await form.getByLabel(/^periode/).fill('2025-Q4')
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Baris disimpan.')).toBeVisible()
  await page.getByRole('button', { name: 'Koreksi' }).click()
  form = page.getByRole('form', { name: 'Koreksi' })
  await form.getByLabel(/^target/).fill('60')
  await page.screenshot({ path: 'test-results/screens/facts-target.png', fullPage: true })
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form).toHaveCount(0)
  await expect(page.getByRole('heading', { name: '1 baris' })).toBeVisible()
  await expect(page.getByRole('cell', { name: '60', exact: true })).toBeVisible()
  await undoSince(page, before)
})

test('a row is given in a form, and what is wrong with it is told', async ({ page }) => {
  await open(page, '/facts/activities')
  await expect(page.getByText('Belum ada baris.')).toBeVisible()
  await page.getByRole('button', { name: 'Tambah satu' }).click()
  const form = page.getByRole('form', { name: 'Tambah satu' })
  await form.getByLabel(/^tanggal/).fill('2025-10-20')
  await form.getByLabel(/^jenis aktivitas/).fill('kunjungan')
  await form.getByLabel('jam', { exact: true }).fill('1.5')
  const answer = page.waitForResponse((response) => response.request().method() === 'POST')
  await form.getByRole('button', { name: 'Simpan' }).click()
  // Neither account nor manager.
  await expect(form.getByRole('alert')).toContainText('tidak memuat apa pun yang bisa dipakai')
  await form.getByLabel('kode pelanggan').fill('LEPAS-1')
  await page.screenshot({ path: 'test-results/screens/facts-form.png', fullPage: true })
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Baris disimpan.')).toBeVisible()
  await expect(page.getByRole('cell', { name: 'kunjungan' })).toBeVisible()
  await answer
  const made = (await (await page.request.get('/api/imports')).json()) as { id: number; kind: string }[]
  for (const one of made.filter((one) => one.kind === 'activities')) {
    await page.request.post(`/api/imports/${one.id}/undo`)
  }
})
