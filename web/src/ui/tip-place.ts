export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const gap = 6;
const margin = 8;

/** Where a tip stands: below its target, above it when there is no room, never outside the window. All in px of the window. */
export function placeTip(target: Box, tip: Size, view: Size): { readonly left: number; readonly top: number } {
  const centred = target.left + target.width / 2 - tip.width / 2;
  const below = target.top + target.height + gap;
  const fits = below + tip.height + margin <= view.height;
  return {
    left: Math.round(Math.max(margin, Math.min(centred, view.width - tip.width - margin))),
    top: Math.round(fits ? below : Math.max(margin, target.top - gap - tip.height)),
  };
}
