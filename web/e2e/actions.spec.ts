import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { open, settle } from './pages'

const screen = (page: Page, name: string) => page.screenshot({ path: `test-results/screens/actions-${name}.png`, fullPage: true })
const clean = async (page: Page) => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

test('an action is made from a link, begun, reviewed, and its effect is shown', async ({ page }) => {
  // Accounts that bought all along, so that they can be measured.
  const answer = await page.request.get('/api/metrics?by=account&kpi=orders&sort=-orders&limit=200')
  const { rows } = (await answer.json()) as { rows: { account: string }[] }
  const accounts = rows.slice(0, 8).map((row) => row.account)
  const query = new URLSearchParams({ origin: 'opportunity', key: `overdue:${accounts[0]}`, title: 'Kunjungan toko besar', owner: 'SLS-001', selection: '2025-01..2025-03' })
  for (const account of accounts) query.append('account', account)

  await open(page, `/actions/new?${query}`)
  await expect(page.getByLabel('Nama tindakan')).toHaveValue('Kunjungan toko besar')
  await expect(page.locator('textarea').first()).toHaveValue(accounts.join('\n'))
  // Enter adds an account and sends nothing; a cost is read as people write it, and what is no amount is not sent.
  await page.getByRole('combobox', { name: 'Tambahkan akun' }).fill(accounts[0] ?? '')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Tambahkan akun' })).toHaveValue('')
  await expect(page).toHaveURL(/\/actions\/new/)
  await page.getByLabel('Biaya').fill('5.00')
  await page.getByRole('button', { name: 'Rencanakan' }).click()
  await expect(page.getByText('Bukan jumlah uang')).toBeVisible()
  await expect(page).toHaveURL(/\/actions\/new/)
  await page.getByLabel('Biaya').fill('500.000')
  await page.getByLabel('Langkah').fill('Jadwalkan kunjungan\nCatat kebutuhan')
  await page.getByRole('button', { name: /^Periksa: seberapa kecil/ }).click()
  await expect(page.getByRole('status')).toContainText('Dengan 8 akun dan')
  await clean(page)
  await screen(page, 'new')
  await page.getByRole('button', { name: 'Rencanakan' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kunjungan toko besar')
  await settle(page)
  await expect(page.getByText('belum dimulai')).toBeVisible()

  // What was planned can be corrected; the history says from what.
  const plan = page.getByRole('region', { name: 'Rencana', exact: true })
  await expect(plan.getByText(/500\.000/)).toBeVisible()
  await plan.getByRole('button', { name: 'Ubah', exact: true }).click()
  await plan.getByLabel('Biaya').fill('600.000')
  await plan.getByRole('button', { name: 'Simpan perubahan' }).click()
  await expect(plan.getByText(/600\.000/)).toBeVisible()

  const history = page.getByRole('region', { name: 'Jalannya' })
  await history.getByLabel('Apa yang dicatat').selectOption('start')
  await history.getByLabel('Hari').fill('2025-04-01')
  await history.getByRole('button', { name: 'Catat' }).click()
  await expect(history.getByText(/Dimulai/)).toBeVisible()
  await history.getByLabel('Apa yang dicatat').selectOption('review')
  await history.getByRole('textbox', { name: 'Catatan' }).fill('Separuh toko sudah dikunjungi')
  await history.getByRole('button', { name: 'Catat' }).click()
  await expect(history.getByText('Separuh toko sudah dikunjungi')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Jadwalkan kunjungan' }).check()
  await expect(history.getByText('✓ Jadwalkan kunjungan')).toBeVisible()

  // Nothing was done to these accounts: the words say a verdict with its interval, beside the picture.
  await settle(page)
  const effect = page.getByRole('region', { name: 'Efek', exact: true })
  await expect(effect.getByText(/kisaran 90%/)).toBeVisible()
  await expect(effect.getByRole('img', { name: /Dengan tindakan/ })).toBeVisible()
  await effect.getByRole('button', { name: 'Lihat sebagai tabel' }).click()
  await expect(effect.getByRole('columnheader', { name: 'Diharapkan tanpanya' })).toBeVisible()
  await clean(page)
  await screen(page, 'one')

  await open(page, '/actions?kind=relationship')
  const running = page.getByRole('region', { name: /^Berjalan/ })
  await running.getByRole('link', { name: 'Kunjungan toko besar' }).waitFor()
  await clean(page)
  await screen(page, 'board')
  await page.getByRole('button', { name: 'Daftar' }).click()
  await expect(page).toHaveURL(/view=list/)
  await page.getByRole('link', { name: 'Kunjungan toko besar' }).click()
  await settle(page)

  await history.getByLabel('Apa yang dicatat').selectOption('done')
  await history.getByRole('button', { name: 'Catat' }).click()
  await expect(page.getByText(/Dibekukan/)).toBeVisible()
  await open(page, '/learning')
  await expect(page.getByRole('link', { name: 'Kunjungan toko besar' })).toBeVisible()
  await clean(page)
  await screen(page, 'learning')
})
