import type { Words } from './words.js';

export interface Product {
  readonly id: string;
  readonly name: Words;
  readonly text: Words;
  /** Minor units of EUR. */
  readonly price: number;
}

/** All that there is to buy. `pictures.ts` draws each of them. */
export const PRODUCTS: readonly Product[] = [
  {
    id: 'honey',
    name: { en: 'Lavender honey', fr: 'Miel de lavande' },
    text: { en: 'A jar of last summer.', fr: 'Un pot de l’été dernier.' },
    price: 1_200,
  },
  {
    id: 'mug',
    name: { en: 'Enamel mug', fr: 'Tasse émaillée' },
    text: { en: 'Survives every camp fire.', fr: 'Survit à tous les feux de camp.' },
    price: 1_450,
  },
  {
    id: 'candle',
    name: { en: 'Beeswax candle', fr: 'Bougie en cire' },
    text: { en: 'For when the lights go out.', fr: 'Pour quand la lumière s’éteint.' },
    price: 900,
  },
  {
    id: 'notebook',
    name: { en: 'Green notebook', fr: 'Carnet vert' },
    text: { en: 'Nothing written in it is lost.', fr: 'Rien de ce qu’on y écrit ne se perd.' },
    price: 850,
  },
  {
    id: 'plant',
    name: { en: 'House plant', fr: 'Plante verte' },
    text: { en: 'Asks for little, and gladly.', fr: 'Demande peu, et volontiers.' },
    price: 1_900,
  },
  {
    id: 'boat',
    name: { en: 'Sailing boat', fr: 'Petit voilier' },
    text: { en: 'Comes back from every pond.', fr: 'Revient de tous les bassins.' },
    price: 2_400,
  },
];

export function productOf(id: string): Product | undefined {
  return PRODUCTS.find((product) => product.id === id);
}
