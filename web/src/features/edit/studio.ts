// The way to the worker that draws edited pictures. A picture is opened once and drawn many times.
import type { Edit } from "./edit";
import type { Answer, Drawn, Wish } from "./renderer.worker";

type Waiting = { resolve: (drawn: Drawn) => void; reject: (problem: Error) => void };

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let count = 0;

function ask(wish: Wish): Promise<Drawn> {
  if (!worker) {
    worker = new Worker(new URL("./renderer.worker.ts", import.meta.url), { type: "module", name: "pictures" });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const asked = waiting.get(data.number);
      waiting.delete(data.number);
      if (data.problem) asked?.reject(new Error(data.problem));
      else asked?.resolve(data.drawn ?? { width: 0, height: 0 });
    };
    worker.onerror = () => {
      for (const { reject } of waiting.values()) reject(new Error("the worker ended"));
      waiting.clear();
      worker = undefined;
    };
  }
  const number = ++count;
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    worker?.postMessage({ number, wish });
  });
}

export type Studio = {
  width: number;
  height: number;
  bitmap: (edit: Edit, side: number) => Promise<ImageBitmap>;
  jpeg: (edit: Edit, side: number) => Promise<{ file: Blob; width: number; height: number }>;
  close: () => void;
};

/** Opens a picture; rejects what this browser cannot show. */
export async function openStudio(source: Blob): Promise<Studio> {
  const id = ++count;
  const { width, height } = await ask({ kind: "open", id, source });
  return {
    width,
    height,
    bitmap: async (edit, side) => (await ask({ kind: "draw", id, edit, side, as: "bitmap" })).bitmap as ImageBitmap,
    jpeg: async (edit, side) => {
      const drawn = await ask({ kind: "draw", id, edit, side, as: "jpeg" });
      return { file: drawn.jpeg as Blob, width: drawn.width, height: drawn.height };
    },
    close: () => void ask({ kind: "close", id }).catch(() => undefined),
  };
}
