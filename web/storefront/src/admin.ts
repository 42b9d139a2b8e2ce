// The back office, as a page of this build: it has a folder of its own beside the storefront's.
import '@orderproc/backoffice'
