import { Problem, Unreachable } from '@orderproc/shared'

/** Posts the file by a form that the API signed. Throws Problem if S3 refuses it, Unreachable if no answer comes. */
export async function upload({ url, fields }: { url: string; fields: Record<string, string> }, file: File): Promise<void> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', file) // S3 reads no field after it
  let answer: Response
  try {
    answer = await fetch(url, { method: 'POST', body: form, credentials: 'omit', referrerPolicy: 'no-referrer' })
  } catch (error) {
    throw new Unreachable(error)
  }
  if (!answer.ok) throw new Problem(answer.status)
}
