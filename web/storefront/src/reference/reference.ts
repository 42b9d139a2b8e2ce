// The API's reference: Redoc over the document of the very API that this stage runs.
import redoc from 'redoc/bundles/redoc.standalone.js?url'

interface Redoc {
  init(document: string, options: object, element: HTMLElement, done: (error?: Error) => void): void
}

const FONT = 'system-ui, sans-serif'
const OPTIONS = {
  // Its search works in a worker made of a blob, which the CSP forbids. The browser's own finds all that is expanded.
  disableSearch: true,
  hideDownloadButton: false,
  nativeScrollbars: true,
  sanitize: true,
  theme: { typography: { fontFamily: FONT, headings: { fontFamily: FONT }, code: { fontFamily: 'ui-monospace, monospace' } } },
}

/** Not by `config.ts`: the storefront's first load would come in one part more. */
async function readConfig(): Promise<{ apiUrl: string }> {
  const response = await fetch('./config.json')
  if (!response.ok) throw new Error(`config.json: HTTP ${response.status}`)
  return response.json()
}

function load(source: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = source
    script.onload = () => resolve()
    script.onerror = () => reject(new Error(`${source} could not be loaded`))
    document.head.append(script)
  })
}

async function show(element: HTMLElement): Promise<void> {
  try {
    const [config] = await Promise.all([readConfig(), load(redoc)])
    const { Redoc } = window as unknown as { Redoc: Redoc }
    await new Promise<void>((resolve, reject) =>
      Redoc.init(`${config.apiUrl}/openapi.json`, OPTIONS, element, (error) => (error ? reject(error) : resolve())),
    )
  } catch (error) {
    console.error(error)
    element.textContent = 'The reference could not be loaded. Please try again in a moment.'
  }
}

void show(document.getElementById('reference') as HTMLElement)
