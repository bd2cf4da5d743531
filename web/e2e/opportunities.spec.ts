import { expect, test } from '@playwright/test'
import { open, settle } from './pages'

test('where the next hours go, why, and dismissing with a reason', async ({ page }) => {
  await open(page, '/opportunities')
  await expect(page.getByRole('heading', { name: /^Ke mana 10 jam berikutnya/ })).toBeVisible()
  // A kind whose data are missing says so.
  await expect(page.getByText(/takar import prospects/)).toBeVisible()

  // One manager: the steps in their order; the filters live in the address.
  await page.getByRole('combobox', { name: 'Manajer akun' }).selectOption('SLS-001')
  await settle(page)
  await expect(page).toHaveURL(/manager=SLS-001/)
  await expect(page.locator('ol > li').first()).toBeVisible()
  await page.getByRole('combobox', { name: 'Jenis' }).selectOption('overdue')
  await settle(page)
  await expect(page).toHaveURL(/kind=overdue/)

  const first = page.getByRole('article').first()
  const title = await first.getByRole('heading').innerText()
  await first.getByText('Mengapa, dan barisnya').click()
  await expect(first.getByText(/takar lines/)).toBeVisible()
  await expect(first.getByRole('link', { name: 'Jadikan tindakan' })).toHaveAttribute('href', /\/actions\/new\?origin=opportunity&key=overdue%3A.*&owner=SLS-001&/)

  await first.getByRole('button', { name: 'Kesampingkan' }).click()
  await first.getByLabel('Mengapa dikesampingkan?').selectOption('later')
  await first.getByRole('button', { name: 'Kesampingkan' }).last().click()
  await settle(page)
  await page.getByRole('link', { name: /^Lihat yang dikesampingkan/ }).click()
  await settle(page)
  await expect(page).toHaveURL(/dismissed=true/)
  const hidden = page.getByRole('article').first()
  await expect(hidden.getByRole('heading')).toHaveText(title)
  // Taken back, as other tests find it.
  await hidden.getByRole('button', { name: 'Tampilkan lagi' }).click()
  await settle(page)
  await expect(page.getByRole('article')).toHaveCount(0)
})
