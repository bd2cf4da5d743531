/** Who is in, what that lets one do, and what each change has to bring along. Kept for the whole page. */
import type { Who } from './types'

export type Right = 'see' | 'answer' | 'collect' | 'define' | 'decide' | 'govern'

class Me {
  /** Not yet known while the first answer is on its way. */
  who = $state.raw<Who | null>(null)

  /** Somebody has to come in first. */
  get isOut(): boolean {
    return this.who !== null && this.who.users && this.who.person === null
  }

  may(right: Right): boolean {
    return this.who?.rights.includes(right) ?? false
  }

  /** Only the own line is seen: pages about everybody are not for this person. */
  get seesEverybody(): boolean {
    return !(this.who?.own_line ?? false)
  }

  /** The session ended: what was loaded is of no use any more. */
  lost(): void {
    if (this.who?.person) this.who = { ...this.who, person: null, rights: [], guard: null, own_line: false }
  }
}

export const me = new Me()
