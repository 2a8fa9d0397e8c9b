// The place of a post in a long list: far from view its room is kept and nothing in it is drawn.
import type { ReactNode } from "react";

/** The height of each post when it was last drawn, so that a list one returns to is as long as before. */
const heights = new Map<string, number>();
const usual = 760;

const observer =
  typeof ResizeObserver === "function"
    ? new ResizeObserver((entries) => {
        for (const { target, borderBoxSize } of entries) {
          const { room } = (target as HTMLElement).dataset;
          if (room && borderBoxSize[0]) heights.set(room, borderBoxSize[0].blockSize);
        }
      })
    : undefined;

function watch(room: HTMLElement | null) {
  if (!room) return;
  observer?.observe(room);
  return () => observer?.unobserve(room);
}

export function Room({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div
      ref={watch}
      data-room={id}
      className="room"
      style={{ containIntrinsicBlockSize: `auto ${heights.get(id) ?? usual}px` }}
    >
      {children}
    </div>
  );
}
