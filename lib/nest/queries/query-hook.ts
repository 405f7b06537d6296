import type { QueryCrumbs } from './query-crumbs';

/** How the queries of one library are seen: by public hooks of the app's own objects, which are known by their shape. */
export interface QueryHook {
  /**
   * Where an object of the app takes hooks.
   *
   * @returns undefined where it is none of this library's
   */
  placeOf(provider: object): object | undefined;

  /**
   * Has the queries made through an object recorded from now on. What it puts there never throws.
   *
   * @param place - where {@link placeOf} says
   * @returns ends it
   */
  watch(provider: object, place: object, crumbs: QueryCrumbs): () => void;
}
