/** A picture that we keep and serve ourselves: pages load nothing from elsewhere. */
export interface Picture extends PictureFace {
  /** A media type that browsers show. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What a page needs to know to show it without moving when it comes. */
export interface PictureFace {
  /** Hash of its content and the ending of its type: the last part of its address with us. */
  readonly name: string;
  /** In pixels; null for one that has no size of its own. */
  readonly width: number | null;
  readonly height: number | null;
}
