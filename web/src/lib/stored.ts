/** Remembered choices. Private windows may refuse storage: then they last as long as the page. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`takar.${key}`)
  } catch {
    return null
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`takar.${key}`, value)
  } catch {
    // Nothing to do: the choice holds until the page is closed.
  }
}
