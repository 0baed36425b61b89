import { type Html, html, ourOwn, textOf } from '../../contracts/html.js';
import { type Cart, describe, euros, QUANTITY_MAX, quantityOf, totalOf } from './cart.js';
import { type Order, standingOf } from './order.js';
import { pictureOf } from './pictures.js';
import { PRODUCTS, productOf } from './products.js';
import { type Language, type Say, sayIn, statusWord } from './words.js';

/** What every page of the shop stands on. */
export interface Frame {
  readonly language: Language;
  readonly cart: Cart | null;
  /** Where the page is, for the language link. */
  readonly path: string;
  readonly style: string;
  readonly logo: string;
  readonly script: string;
  readonly guide: string;
}

export interface Hint {
  readonly status: string;
  readonly isSigned: boolean;
}

const REFRESH = ourOwn('<noscript><meta http-equiv="refresh" content="4"></noscript>');

function page(frame: Frame, title: string, content: Html, head: Html = html``): string {
  const { language, cart, path, style, logo, guide } = frame;
  const say = sayIn(language);
  const other = language === 'fr' ? 'en' : 'fr';
  const count = cart?.lines.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0;
  return textOf(html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === say('name') ? title : `${title} · ${say('name')}`}</title>
<link rel="icon" href="${logo}"><link rel="stylesheet" href="${style}">${head}</head>
<body>
<aside class="demo" aria-label="${say('demo_label')}">${say('demo')}</aside>
<header><a class="name" href="/shop"><img src="${logo}" alt="" width="40" height="40"> ${say('name')}</a>
<nav><a href="/shop/cart">${say('cart')} (${count})</a><a href="${path}?lang=${other}" lang="${other}" hreflang="${other}">${say('other_language')}</a></nav></header>
<main>${content}</main>
<footer><a href="/lab">${say('lab')}</a> <a href="${guide}">${say('made_with')}</a></footer>
</body>
</html>`);
}

export function shopPage(frame: Frame): string {
  const { language, cart } = frame;
  const say = sayIn(language);
  const products = PRODUCTS.map(({ id, name, text, price }) => {
    const wanted = Math.min(QUANTITY_MAX, quantityOf(cart ?? { lines: [] }, id) + 1);
    return html`<li>${pictureOf(id)}<h2>${name[language]}</h2><p>${text[language]}</p>
      <form method="post" action="/shop/cart"><input type="hidden" name="product" value="${id}"><input type="hidden" name="quantity" value="${wanted}">
      <strong>${euros(price, language)}</strong><button>${say('add')} <span class="unseen">${name[language]}</span></button></form></li>`;
  });
  return page(
    frame,
    say('name'),
    html`<h1>${say('name')}</h1><p class="motto">${say('motto')}</p><ul class="products">${products}</ul>`,
  );
}

/** The cart, and what is asked of whoever wants to pay; `typed` is what was not taken. */
export function cartPage(frame: Frame, typed: { email: string; isReturning: boolean } | null): string {
  const { language, cart } = frame;
  const say = sayIn(language);
  if (cart === null || cart.lines.length === 0) {
    const nothing = html`<h1>${say('cart')}</h1><p>${say('empty')}</p><p><a href="/shop">${say('to_shop')}</a></p>`;
    return page(frame, say('cart'), nothing);
  }
  const amount = euros(totalOf(cart.lines), language);
  const rows = cart.lines.map(({ product, quantity }) => {
    const { name, price } = productOf(product) ?? PRODUCTS[0] ?? { name: { en: '', fr: '' }, price: 0 };
    return html`<li class="line">${pictureOf(product)}<span><strong>${name[language]}</strong><br>${euros(price * quantity, language)}</span>
      <form method="post" action="/shop/cart"><input type="hidden" name="product" value="${product}">
      <label><span class="unseen">${say('quantity')}, ${name[language]}</span><input type="number" name="quantity" min="0" max="${QUANTITY_MAX}" value="${quantity}" inputmode="numeric"></label>
      <button class="quiet">${say('change')}</button></form></li>`;
  });
  const wrong = typed === null ? null : html`<span class="wrong" id="email-wrong">${say('email_wrong')}</span>`;
  const described = typed === null ? html`` : html` aria-invalid="true" aria-describedby="email-wrong" autofocus`;
  return page(
    frame,
    say('cart'),
    html`<h1>${say('cart')}</h1><ul class="lines">${rows}</ul><p class="total"><span>${say('total')}</span> <strong>${amount}</strong></p>
    <form class="checkout" method="post" action="/shop/checkout"><input type="hidden" name="cart" value="${cart.id}">
    <label for="email">${say('email')}</label><input id="email" type="email" name="email" autocomplete="email" maxlength="200" value="${typed?.email}"${described}>${wrong}
    <label class="check"><input type="checkbox" name="returning" value="yes"${typed?.isReturning === true ? html` checked` : null}> <span>${say('returning')}</span></label>
    <button class="big">${say('checkout', { amount })}</button><p class="quiet">${say('next_page')}</p></form>`,
  );
}

export function orderPage(frame: Frame, order: Order, hint: Hint | null): string {
  const { language } = frame;
  const say = sayIn(language);
  const standing = standingOf(order);
  const isMoving = standing === 'open' || standing === 'processing';
  const title = say('order', { reference: order.reference });
  const content = html`<h1>${title}</h1>
    <div id="order" data-moving="${isMoving ? 'yes' : 'no'}" class="state ${standing}" role="status">
    <h2>${say(standing)}</h2><p>${say(`${standing}_text`)}</p>${knownBy(order, say, language)}${hinted(hint, say)}</div>
    ${buttons(order, say)}
    <p class="total"><span>${describe(order.lines, language)}</span> <strong>${euros(order.amount, language)}</strong></p>
    ${order.payment === null ? null : html`<p><a href="/lab?payment=${order.payment}">${say('in_lab')}</a></p>`}
    <p><a href="/shop">${say('to_shop')}</a></p>`;
  const head = html`${isMoving ? REFRESH : null}<script src="${frame.script}" defer></script>`;
  return page(frame, title, content, head);
}

function knownBy({ toldBy, toldAt }: Order, say: Say, language: Language): Html | null {
  if (toldBy === null || toldAt === null) return null;
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(new Date(toldAt));
  return html`<p class="quiet">${say(toldBy === 'webhook' ? 'known_webhook' : 'known_api', { time })}</p>`;
}

function hinted(hint: Hint | null, say: Say): Html | null {
  if (hint === null) return null;
  return html`<p class="quiet">${say(hint.isSigned ? 'hint_signed' : 'hint_unsigned', { status: statusWord(hint.status, say) })}</p>`;
}

/** The other ways to pay an open order: a call with its code, and a text to a customer who is known. */
function byTelephone(order: Order, say: Say): Html | null {
  const { call, account, id } = order;
  if (standingOf(order) !== 'open' || call == null) return null;
  const { telephone, code } = call;
  const text = html`<form method="post" action="/shop/orders/${id}/text"><button class="quiet">${say('by_text')}</button></form>`;
  return html`<p class="quiet">${say('by_telephone', { telephone, code })}</p>${account === null ? null : text}`;
}

function buttons(order: Order, say: Say): Html {
  const standing = standingOf(order);
  const amount = euros(order.amount, order.language);
  const path = `/shop/orders/${order.id}`;
  const pay = html`<form method="post" action="${path}/pay"><button class="big">${say(standing === 'ended' ? 'try_again' : 'pay_now')}</button></form>`;
  const refund = html`<form method="post" action="${path}/refund"><button class="quiet">${say('refund', { amount })}</button><p class="quiet">${say(order.failedRefund == null ? 'refund_note' : 'refund_failed')}</p></form>`;
  return html`<div id="doing">${standing === 'open' || standing === 'ended' ? pay : standing === 'paid' ? refund : null}${byTelephone(order, say)}</div>`;
}

export function troublePage(frame: Frame, key: 'trouble' | 'not_found', why: string | null): string {
  const say = sayIn(frame.language);
  const text = key === 'trouble' ? say('trouble_text') : null;
  return page(
    frame,
    say(key),
    html`<h1>${say(key)}</h1><p>${text}</p>${why === null ? null : html`<p class="quiet">${why}</p>`}<p><a href="/shop">${say('to_shop')}</a></p>`,
  );
}
