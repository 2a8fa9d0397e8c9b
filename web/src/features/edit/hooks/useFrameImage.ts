import { useEffect, useState } from "react";
import { type Edit, noEdit } from "../edit";
import type { Studio } from "../studio";

/** An address of the whole picture as it is turned and toned, without its crop: what the cutter moves. */
export function useFrameImage(studio: Studio | undefined, edit: Edit) {
  const wanted = JSON.stringify({ ...edit, crop: null, straighten: 0 } satisfies Edit);
  const [made, setMade] = useState<{ wanted: string; url: string; width: number; height: number }>();
  useEffect(() => {
    let isLeft = false;
    let url: string | undefined;
    studio?.jpeg({ ...noEdit, ...JSON.parse(wanted) }, 1080).then(
      ({ file, width, height }) => {
        if (isLeft) return;
        url = URL.createObjectURL(file);
        setMade({ wanted, url, width, height });
      },
      () => undefined,
    );
    return () => {
      isLeft = true;
      // Whoever shows it may still be loading it.
      if (url) setTimeout(URL.revokeObjectURL, 10_000, url);
    };
  }, [studio, wanted]);
  return made?.wanted === wanted ? made : undefined;
}
