import { type PointerEventHandler, useEffect, useRef } from "react";
import type { Edit } from "../edit";
import type { Studio } from "../studio";

type Props = {
  studio: Studio | undefined;
  edit: Edit;
  /** The longer side, in pixels of the device. */
  side: number;
  label?: string;
  className?: string;
  onPointerDown?: PointerEventHandler;
};

/** An edited picture as it would be. While one is drawn, only the newest of further wishes is kept. */
export function Drawing({ studio, edit, side, label, className, onPointerDown }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const wanted = useRef<(() => Promise<void>) | undefined>(undefined);
  const isBusy = useRef(false);
  useEffect(() => {
    if (!studio) return;
    wanted.current = async () => {
      const bitmap = await studio.bitmap(edit, side);
      const target = canvas.current;
      if (!target) return bitmap.close();
      if (target.width !== bitmap.width || target.height !== bitmap.height)
        Object.assign(target, { width: bitmap.width, height: bitmap.height });
      target.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
      target.dataset.drawn = `${Number(target.dataset.drawn ?? 0) + 1}`;
    };
    if (isBusy.current) return;
    isBusy.current = true;
    void (async () => {
      while (wanted.current) {
        const draw = wanted.current;
        wanted.current = undefined;
        await draw().catch(() => undefined);
      }
      isBusy.current = false;
    })();
  }, [studio, edit, side]);
  return (
    <canvas
      ref={canvas}
      width={1}
      height={1}
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      onPointerDown={onPointerDown}
      className={className}
    />
  );
}
