import { type PointerEvent as Pressed, useState } from "react";

const heldFor = 280;
const meant = 6;

/** Moves items of a list by dragging: at once with a mouse, after a short hold with a finger, which else scrolls. */
export function useReorder(onMove: (id: string, to: number) => void) {
  const [dragged, setDragged] = useState<string>();
  const press = (id: string) => (event: Pressed<HTMLElement>) => {
    if (event.button !== 0) return;
    const { clientX, clientY } = event;
    const list = event.currentTarget.parentElement;
    const isMouse = event.pointerType === "mouse";
    let drags = false;
    const begin = () => {
      drags = true;
      setDragged(id);
    };
    const timer = isMouse ? undefined : setTimeout(begin, heldFor);
    const ends = new AbortController();
    const end = () => {
      clearTimeout(timer);
      ends.abort();
      setDragged(undefined);
    };
    const move = (moved: PointerEvent) => {
      const isFar = Math.hypot(moved.clientX - clientX, moved.clientY - clientY) > meant;
      if (!drags && isFar && isMouse) begin();
      else if (!drags && isFar) end();
      if (!drags) return;
      const under = document.elementFromPoint(moved.clientX, moved.clientY)?.closest("li");
      const to = under && list ? [...list.children].indexOf(under) : -1;
      if (to >= 0) onMove(id, to);
    };
    const { signal } = ends;
    addEventListener("pointermove", move, { signal });
    addEventListener("pointercancel", end, { signal });
    addEventListener("touchmove", (touch) => drags && touch.preventDefault(), { signal, passive: false });
    addEventListener(
      "pointerup",
      () => {
        // The click that ends a drag chooses nothing.
        if (drags) swallowClick();
        end();
      },
      { signal },
    );
  };
  return { dragged, press };
}

/** The click that may end a drag selects nothing; it comes at once or not at all, and a later one is meant. */
function swallowClick() {
  const over = new AbortController();
  addEventListener("click", (click) => click.stopPropagation(), { capture: true, signal: over.signal });
  setTimeout(() => over.abort());
}
