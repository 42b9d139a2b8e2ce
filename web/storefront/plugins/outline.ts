// What index.html shows until the shop is loaded: the frame of its pages, and grey bars where content will be. It has the class
// names of the pages' own modules (`Layout-header` is `.header` of Layout.module.css), so that nothing moves when React replaces
// it. boot.ts fills in the texts and leaves only what the page at hand needs. It is not for use: it is hidden from screen
// readers and nothing in it takes the focus.

const BAG = 'M5 8h14l-1.2 11a2 2 0 0 1-2 1.8H8.2a2 2 0 0 1-2-1.8zM9 10V7a3 3 0 0 1 6 0v3'
const icon = (size: number, shape: string) =>
  `<svg width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${shape}</svg>`
const times = (count: number, part: string) => part.repeat(count)
const page = (kind: string, narrow: boolean, aside: string, content: string) =>
  `<div class="${narrow ? 'Page-narrow' : 'Page-page'}" data-kind="${kind}"><div class="Page-head"><h1 data-title></h1>${aside}</div>${content}</div>`

const header = `<div class="Layout-header"><div class="Layout-bar">
<span class="Layout-brand">${icon(24, `<path d="${BAG}"/>`)}<span data-shop>Shop</span></span>
<div class="Layout-nav"><a data-to="/quick-order" data-text="nav.quickOrder"></a><a data-to="/orders" data-text="nav.orders"></a>\
<a data-to="/sign-in" data-text="nav.signIn" data-guest></a>\
<a data-to="/addresses" data-text="nav.addresses" data-customer></a><a data-text="nav.signOut" data-customer></a></div>
<span class="Layout-cart"><a class="Layout-cartLink" data-text="nav.cart"></a><span class="Layout-count" data-empty data-count>0</span></span>
</div></div>`

const card = `<div class="Catalogue-card"><div class="ProductPicture-frame bar"></div><div class="Catalogue-body">\
<i class="bar title"></i><i class="bar"></i><i class="bar"></i><i class="bar fact"></i><i class="bar button"></i></div></div>`

const search = `<div class="Catalogue-search field">${icon(18, '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>')}\
<span data-text="catalogue.search"></span></div>`

const catalogue = page('catalogue', false, search, `<div><p class="Catalogue-found"></p><div class="Catalogue-grid">${times(8, card)}</div></div>`)

const product = page(
  'product',
  false,
  '<i class="bar heading"></i>',
  `<div class="Product-product"><div class="Product-picture"><div class="ProductPicture-frame bar"></div></div>
<div class="Page-stack"><i class="bar heading"></i><i class="bar"></i><i class="bar"></i><i class="bar button"></i></div></div>`,
)

const form = page(
  'form',
  true,
  '',
  `<div class="Page-panel"><p class="lead" data-at="/quick-order" data-text="quick.text"></p>${times(3, '<div><i class="bar label"></i><div class="field"></div></div>')}<i class="bar button"></i></div>`,
)

const list = page('list', false, '', times(3, '<i class="bar row"></i>'))

const footer = '<div class="Layout-footer"><div class="Layout-bar"><span data-simulated></span><i class="choices"></i></div></div>'

export const outline = `<div id="shell" class="Layout-layout shell" aria-hidden="true">${header}
<div class="Layout-main">${catalogue}${product}${form}${list}</div>${footer}</div>`
