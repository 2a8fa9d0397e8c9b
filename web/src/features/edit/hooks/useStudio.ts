import { useEffect, useState } from "react";
import { openStudio, type Studio } from "../studio";

/** The picture opened for drawing, once it is; `failed` where this browser cannot show it. */
export function useStudio(source: Blob | undefined) {
  const [opened, setOpened] = useState<{ source: Blob; studio?: Studio; failed?: boolean }>();
  useEffect(() => {
    if (!source) return;
    let isLeft = false;
    let studio: Studio | undefined;
    openStudio(source).then(
      (found) => {
        studio = found;
        if (isLeft) found.close();
        else setOpened({ source, studio });
      },
      () => !isLeft && setOpened({ source, failed: true }),
    );
    return () => {
      isLeft = true;
      studio?.close();
    };
  }, [source]);
  const current = opened?.source === source ? opened : undefined;
  return { studio: current?.studio, failed: current?.failed ?? false };
}
