"""Pictures as SVG that stands inside a page: its colours are classes, so that they follow light, dark and print."""
