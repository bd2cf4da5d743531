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
  const kinds = (await (await page.request.get('/api/facts')).json()) as { kind: string; form: { once: unknown[]; many: unknown[] } }[]
  expect(kinds.length).toBeGreaterThan(15)
  for (const kind of kinds) expect(kind.form.once.length + kind.form.many.length, kind.kind).toBeGreaterThan(1)
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
  await expect(form.getByText('Jumlah bagian: 60%. Biasanya 100%. Sisanya tidak menjadi kredit siapa pun.')).toBeVisible()
  await form.getByRole('button', { name: 'Tambah baris' }).click()
  const second = form.getByRole('group', { name: 'Baris 2' })
  await second.getByLabel('kode sales').fill('SLS-002')
  await second.getByLabel(/^bagian/).fill('40')
  await expect(form.getByText('Jumlah bagian: 100%.', { exact: true })).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.screenshot({ path: 'test-results/screens/facts-ownership-phone.png', fullPage: true })
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Baris disimpan.')).toBeVisible()
  // What was kept is shown, both owners.
  const kept = page.getByRole('region', { name: /^Yang baru disimpan, impor \d+$/ }).first()
  await expect(kept.locator('tbody tr')).toHaveCount(2)
  await kept.getByRole('button', { name: 'Tutup' }).click()
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
  for (const [place, [product, quantity, net]] of [['Teh', '2', '24.000,5'], ['Kopi', '1', '']].entries()) {
    if (place > 0) await form.getByRole('button', { name: 'Tambah baris' }).click()
    const line = form.getByRole('group', { name: `Baris ${place + 1}` })
    await line.getByLabel('kode barang').fill(product ?? '')
    await line.getByLabel('jumlah').fill(quantity ?? '')
    await line.getByLabel('nilai bersih').fill(net || '9999999999999999')
  }
  // One bad line keeps the whole invoice out, and says which.
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByRole('alert')).toContainText('Baris 2')
  const net = form.getByRole('group', { name: 'Baris 2' }).getByLabel('nilai bersih')
  await expect(net).toBeFocused()
  await expect(net).toHaveAccessibleDescription(/Angka di luar batas/)
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  expect(((await (await page.request.get('/api/facts/sales?account=FORM-1')).json()) as { total: number }).total).toBe(0)
  await net.fill('13000')
  await expect(net).not.toHaveAttribute('aria-invalid')
  await expect(form.getByText('Jumlah nilai: 37.000,5.')).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/facts-invoice.png', fullPage: true })
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Baris disimpan.')).toBeVisible()
  await expect(page.getByRole('heading', { name: '2 baris' })).toBeVisible()
  // The invoice is corrected whole, from any of its lines.
  await page.getByRole('button', { name: 'Koreksi' }).last().click()
  form = page.getByRole('form', { name: 'Koreksi' })
  await expect(form.getByRole('group')).toHaveCount(2)
  await expect(form.getByRole('group', { name: 'Baris 1' }).getByLabel('nilai bersih')).toHaveValue('24.000,5')
  await form.getByRole('group', { name: 'Baris 1' }).getByLabel('nilai bersih').fill('25.000')
  await form.getByRole('group', { name: 'Baris 2' }).getByRole('button', { name: 'Hapus baris ini' }).click()
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form).toHaveCount(0)
  await expect(page.getByRole('heading', { name: '1 baris' })).toBeVisible()
  await expect(page.getByRole('cell', { name: '25.000', exact: true }).first()).toBeVisible()

  await open(page, '/facts/targets?account=FORM-1')
  await page.getByRole('button', { name: 'Tambah satu' }).click()
  form = page.getByRole('form', { name: 'Tambah satu' })
  await form.getByLabel(/^periode/).fill('Oktober')
  await form.getByLabel(/^ukuran/).selectOption({ label: 'Jumlah barang' })
  await form.getByLabel(/^target/).fill('1.5')
  await form.getByLabel('kode pelanggan').fill('FORM-1')
  await form.getByRole('button', { name: 'Simpan' }).click()
  // No number in Indonesian; nothing was sent, and what was typed stays.
  await expect(form.getByLabel(/^target/)).toHaveAccessibleDescription(/Bukan angka\. Tulis seperti 1\.500\.000/)
  await expect(form.getByLabel(/^periode/)).toHaveValue('Oktober')
  await form.getByLabel(/^target/).fill('1.500')
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByRole('alert')).toContainText('periode')
  await expect(form.getByLabel(/^periode/)).toHaveAccessibleDescription(/Periode tidak terbaca/)
  await form.getByLabel(/^periode/).fill('2025-Q4')
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Baris disimpan.')).toBeVisible()
  await page.getByRole('button', { name: 'Koreksi' }).click()
  form = page.getByRole('form', { name: 'Koreksi' })
  await expect(form.getByLabel(/^target/)).toHaveValue('1.500')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('form', { name: 'Correct' }).getByLabel(/^target/)).toHaveValue('1,500')
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click()
  await form.getByLabel(/^target/).fill('60')
  await page.screenshot({ path: 'test-results/screens/facts-target.png', fullPage: true })
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form).toHaveCount(0)
  await expect(page.getByRole('heading', { name: '1 baris' })).toBeVisible()
  await expect(page.getByRole('cell', { name: '60', exact: true }).first()).toBeVisible()
  await undoSince(page, before)
})

test('a correction changes what was typed and nothing else', async ({ page }) => {
  const before = await newest(page)
  const push = async (path: string, rows: object[]) => {
    const answer = await page.request.post(`/api/facts/${path}`, { data: rows })
    expect((await answer.json()) as object).toMatchObject({ accepted: rows.length })
  }
  const rows = async (path: string) => ((await (await page.request.get(`/api/facts/${path}`)).json()) as { rows: Record<string, unknown>[] }).rows
  await push('accounts?source=koreksi', [{ account_id: 'KOR-1', account_name: 'Toko Koreksi', manager_id: 'SLS-001', manager_name: 'Nama Lama', region: 'Barat', limit_kredit: '5000' }])
  await push('rates?source=koreksi', [{ currency: 'XTS', from: '2025-10-01', to: '2025-10-31', rate: 16000.000001 }])
  await push('sales?source=koreksi&discount=amount&cost=line', [
    { invoice_no: 'KOR-F1', line_no: 1, date: '2025-10-20', account_id: 'KOR-1', product_id: 'Teh', category: 'Minuman', quantity: 2, unit_price: 100, discount: 10, net_amount: 190, cost: 120, ppn: 19, warna: 'A' },
    { invoice_no: 'KOR-F1', line_no: 2, date: '2025-10-20', account_id: 'KOR-1', product_id: 'Kopi', quantity: 1, net_amount: 50 },
  ])
  await push('ownership?source=koreksi', [
    { account_id: 'KOR-1', manager_id: 'SLS-001', from: '2025-01-01', to: '2025-06-30', share: '33.3333%' },
    { account_id: 'KOR-1', manager_id: 'SLS-002', from: '2025-01-01', share: '66.6667%' },
  ])
  /** Opens the only row of a list, or the first, types, and saves. */
  const correct = async (path: string, type: (form: ReturnType<Page['getByRole']>) => Promise<void>) => {
    await open(page, path)
    await page.getByRole('button', { name: 'Koreksi' }).first().click()
    const form = page.getByRole('form', { name: 'Koreksi' })
    await type(form)
    await form.getByRole('button', { name: 'Simpan' }).click()
    await expect(form).toHaveCount(0)
  }

  await correct('/facts/accounts?account=KOR-1', (form) => form.getByLabel('wilayah').fill('Timur'))
  expect(await rows('accounts?account=KOR-1')).toMatchObject([{ region: 'Timur', account_name: 'Toko Koreksi', extra: '{"limit_kredit":"5000"}', source: 'koreksi' }])
  await correct('/facts/rates?word=XTS', (form) => form.getByLabel('kurs').fill('16.001,5'))
  expect(await rows('rates?word=XTS')).toMatchObject([{ from: '2025-10-01', to: '2025-10-31', rate: 16001.5 }])
  await correct('/facts/sales?invoice=KOR-F1', async (form) => {
    await form.getByRole('group', { name: 'Baris 1' }).getByLabel('nilai bersih').fill('195')
    await form.getByRole('group', { name: 'Baris 2' }).getByRole('button', { name: 'Hapus baris ini' }).click()
    await expect(form.getByText('Baris bernomor tetap punya tempat')).toBeVisible()
    await form.getByRole('button', { name: 'Tambah baris' }).click()
    const line = form.getByRole('group', { name: 'Baris 3' })
    await line.getByLabel('kode barang').fill('Susu')
    await line.getByLabel('jumlah').fill('3')
    await line.getByLabel('nilai bersih').fill('30')
  })
  const lines = (await rows('sales?invoice=KOR-F1')).sort((one, other) => Number(one['line_no']) - Number(other['line_no']))
  expect(lines).toMatchObject([
    { line_no: '1', net: 195, quantity: 2, unit_price: 100, discount: 10, cost: 120, ppn: 19, category: 'Minuman', extra: '{"warna":"A"}' },
    { line_no: '2', net: 0, quantity: 0, product_id: 'Kopi' },
    { line_no: '3', net: 30, quantity: 3, product_id: 'Susu', extra: null },
  ])
  // Owners that end on different days keep them.
  await correct('/facts/ownership?account=KOR-1', (form) => form.getByRole('group', { name: 'Baris 1' }).getByLabel(/^bagian/).fill('30'))
  const owners = (await rows('ownership?account=KOR-1')).sort((one, other) => String(one['manager_id']).localeCompare(String(other['manager_id'])))
  expect(owners.map((owner) => owner['to'])).toEqual(['2025-06-30', null])
  expect(owners.map((owner) => owner['share']).sort()).toEqual([0.3, expect.closeTo(owners[0]?.['share'] === 0.3 ? 0.666667 : 0.333333, 6)])
  await undoSince(page, before)
})

test('rows of one period are shown, and the period can be taken off', async ({ page }) => {
  await open(page, '/facts/sales?period=2025-08')
  const { total } = (await (await page.request.get('/api/facts/sales?period=2025-08&limit=1')).json()) as { total: number }
  await expect(page.getByRole('list', { name: 'Filter' })).toContainText('Agustus 2025')
  await expect(page.getByRole('heading', { name: `${total.toLocaleString('id-ID')} baris` })).toBeVisible()
  await page.getByRole('button', { name: 'Hapus filter Periode' }).click()
  await expect(page).toHaveURL(/\/facts\/sales$/)
})

test('a row is given in a form, and what is wrong with it is told', async ({ page }) => {
  await open(page, '/facts/activities')
  await expect(page.getByText('Belum ada baris.')).toBeVisible()
  await page.getByRole('button', { name: 'Tambah satu' }).click()
  const form = page.getByRole('form', { name: 'Tambah satu' })
  await form.getByLabel(/^tanggal/).fill('2025-10-20')
  await form.getByLabel(/^jenis aktivitas/).fill('kunjungan')
  await form.getByLabel('jam', { exact: true }).fill('1,5')
  const answer = page.waitForResponse((response) => response.request().method() === 'POST')
  await form.getByRole('button', { name: 'Simpan' }).click()
  // Neither account nor manager.
  await expect(form.getByRole('alert')).toContainText('tidak memuat apa pun yang bisa dipakai')
  await form.getByLabel('kode pelanggan').fill('LEPAS-1')
  await page.screenshot({ path: 'test-results/screens/facts-form.png', fullPage: true })
  await form.getByRole('button', { name: 'Simpan' }).click()
  await expect(form.getByText('Baris disimpan.')).toBeVisible()
  await expect(page.getByRole('cell', { name: 'kunjungan' }).first()).toBeVisible()
  await answer
  const made = (await (await page.request.get('/api/imports')).json()) as { id: number; kind: string }[]
  for (const one of made.filter((one) => one.kind === 'activities')) {
    await page.request.post(`/api/imports/${one.id}/undo`)
  }
})
