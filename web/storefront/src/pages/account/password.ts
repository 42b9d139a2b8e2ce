/** The user pool's own policy: it refuses what this lets pass, too. */
export const isStrong = (password: string) =>
  password.length >= 12 && /\p{Ll}/u.test(password) && /\p{Lu}/u.test(password) && /\d/.test(password)
