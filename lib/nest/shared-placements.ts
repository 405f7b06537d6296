/**
 * What stands on things that several apps of a process share, classes above all: the first app that needs it puts it
 * there, the last one takes it away.
 */
export class SharedPlacements {
  private readonly placements = new WeakMap<object, Map<string, { apps: number; remove: () => void }>>();

  /**
   * @param holder - what it stands on
   * @param name - what it is called there
   * @param place - puts it there and returns what takes it away; asked for the first app alone
   * @returns takes it away, once no other app needs it
   */
  share(holder: object, name: string, place: () => () => void): () => void {
    let ofHolder = this.placements.get(holder);
    if (!ofHolder) this.placements.set(holder, (ofHolder = new Map()));
    let placement = ofHolder.get(name);
    if (!placement) ofHolder.set(name, (placement = { apps: 0, remove: place() }));
    placement.apps += 1;
    const placed = placement;
    return () => {
      placed.apps -= 1;
      if (placed.apps > 0) return;
      placed.remove();
      ofHolder.delete(name);
    };
  }
}
