import { expect, test } from '@playwright/test'
import { open } from './pages'

test('accounts without a manager can be given one, or there are none', async ({ page }) => {
  await open(page, '/assign')
  const boxes = page.locator('tbody input[type=checkbox]')
  if ((await boxes.count()) === 0) {
    await expect(page.getByText('Semua akun sudah punya manajer.')).toBeVisible()
    return
  }
  await page.getByLabel('Pilih semua yang tampil').check()
  await expect(page.getByText(/[1-9][\d.]* dipilih/)).toBeVisible()
  const apply = page.getByRole('button', { name: 'Tetapkan' })
  await expect(apply).toBeDisabled()
  await page.getByLabel('Manajer akun', { exact: true }).selectOption({ index: 1 })
  await expect(apply).toBeEnabled()
})
