import { type Html, ourOwn } from '../../contracts/html.js';

/** The products as drawings, 160 by 120. They say nothing that the words beside them do not. */
const PICTURES: Readonly<Record<string, string>> = {
  honey: `<rect width="160" height="120" fill="#f8e9c3"/><ellipse cx="80" cy="104" rx="42" ry="6" fill="#e3c98a"/>
    <path d="M50 40h60q8 6 8 16v34q0 12-12 12H54q-12 0-12-12V56q0-10 8-16z" fill="#dc8f22"/>
    <path d="M50 40h60q8 6 8 16v4H42v-4q0-10 8-16z" fill="#eeb04a"/><rect x="48" y="26" width="64" height="15" rx="5" fill="#7d5230"/>
    <path d="M48 33h64" stroke="#946541" stroke-width="2"/><rect x="55" y="60" width="50" height="30" rx="4" fill="#fff6df"/>
    <path d="M80 65l8 5v9l-8 5-8-5v-9z" fill="none" stroke="#dc8f22" stroke-width="3"/>
    <path d="M50 58v32" stroke="#f6c878" stroke-width="4" stroke-linecap="round"/>`,
  mug: `<rect width="160" height="120" fill="#dbe8f1"/><ellipse cx="76" cy="104" rx="42" ry="6" fill="#bcd0de"/>
    <path d="M108 50h10q14 0 14 15t-14 15h-10" fill="none" stroke="#24557c" stroke-width="8"/>
    <path d="M42 36h68v54q0 12-12 12H54q-12 0-12-12z" fill="#2f6a97"/><ellipse cx="76" cy="36" rx="34" ry="7" fill="#f8fbfd"/>
    <ellipse cx="76" cy="37" rx="28" ry="4.5" fill="#8a5a3b"/><path d="M42 36v4q2 6 34 6t34-6v-4q-2 7-34 7t-34-7z" fill="#17405f"/>
    <g fill="#cfe2f0"><circle cx="56" cy="62" r="2"/><circle cx="70" cy="76" r="1.6"/><circle cx="92" cy="66" r="2"/>
    <circle cx="84" cy="88" r="1.6"/><circle cx="58" cy="86" r="1.8"/><circle cx="100" cy="82" r="1.4"/></g>
    <path d="M66 22q-5-5 0-10M82 22q-5-5 0-10" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>`,
  candle: `<rect width="160" height="120" fill="#e9e0ee"/><circle cx="80" cy="30" r="24" fill="#f7efd0"/>
    <ellipse cx="80" cy="103" rx="40" ry="7" fill="#8d7a9c"/><ellipse cx="80" cy="99" rx="34" ry="6" fill="#a794b5"/>
    <path d="M64 52q16 8 32 0v46q-16 8-32 0z" fill="#f1d999"/><ellipse cx="80" cy="52" rx="16" ry="5" fill="#fbeec6"/>
    <path d="M70 55q2 10 0 18" stroke="#fbeec6" stroke-width="5" stroke-linecap="round" fill="none"/>
    <path d="M80 52v-9" stroke="#5b4636" stroke-width="2.5"/><path d="M80 16q12 14 7 23-3 6-7 6t-7-6q-5-9 7-23z" fill="#f0a52e"/>
    <path d="M80 27q6 8 3 13-1 3-3 3t-3-3q-3-5 3-13z" fill="#fff3c4"/>`,
  notebook: `<rect width="160" height="120" fill="#e4eede"/><ellipse cx="82" cy="105" rx="46" ry="5" fill="#c8d8bf"/>
    <g transform="rotate(-7 80 60)"><rect x="50" y="18" width="64" height="84" rx="5" fill="#f7f4ea"/>
    <rect x="46" y="16" width="64" height="84" rx="5" fill="#3f7d53"/><rect x="46" y="16" width="12" height="84" rx="4" fill="#2f6341"/>
    <rect x="68" y="32" width="32" height="18" rx="3" fill="#f7f4ea"/><path d="M73 38h22M73 44h14" stroke="#8aa694" stroke-width="2"/>
    <path d="M102 16v84" stroke="#e0b23f" stroke-width="3.5"/><path d="M84 100v10l4-3 4 3v-10z" fill="#c8502f"/></g>`,
  plant: `<rect width="160" height="120" fill="#f3e6dc"/><ellipse cx="80" cy="106" rx="34" ry="5" fill="#dcc6b5"/>
    <g fill="#4a8a5a"><path d="M80 76q-36-4-38-38 32 2 38 38z"/><path d="M80 76q34-8 34-42-32 6-34 42z"/></g>
    <path d="M80 78q-22-30 0-62 22 32 0 62z" fill="#62a572"/><path d="M80 76V26" stroke="#3c7149" stroke-width="2"/>
    <path d="M80 76Q62 66 50 46M80 76q16-12 26-32" stroke="#35673f" stroke-width="2" fill="none"/>
    <path d="M58 76h44l-5 26q-1 4-5 4H68q-4 0-5-4z" fill="#c2643d"/><rect x="54" y="70" width="52" height="11" rx="3" fill="#d67d54"/>`,
  boat: `<rect width="160" height="120" fill="#d7ecf7"/><circle cx="128" cy="26" r="11" fill="#f8d778"/>
    <path d="M78 14v66" stroke="#7a5636" stroke-width="4" stroke-linecap="round"/><path d="M84 20q34 22 30 52H84z" fill="#fffdf6"/>
    <path d="M72 26Q46 46 46 72h26z" fill="#f2e6d3"/><path d="M78 12l16 5-16 6z" fill="#d2553f"/>
    <path d="M36 78h88q-4 20-20 20H56q-16 0-20-20z" fill="#c34a37"/><path d="M39 84h82" stroke="#fff3e4" stroke-width="3"/>
    <path d="M0 98q10-7 20 0t20 0 20 0 20 0 20 0 20 0 20 0 20 0v22H0z" fill="#5b9fc4"/>
    <path d="M0 108q10-6 20 0t20 0 20 0 20 0 20 0 20 0 20 0 20 0v12H0z" fill="#3f84ab"/>`,
};

export function pictureOf(product: string): Html {
  const drawing = PICTURES[product] ?? '';
  return ourOwn(`<svg viewBox="0 0 160 120" aria-hidden="true" focusable="false">${drawing}</svg>`);
}
