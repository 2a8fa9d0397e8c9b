// Photos dropped anywhere on a page begin a post, or join the one that is being made; the browser never opens them.
import type { DragEvent, ReactNode } from "react";
import { useSession } from "../features/session/hooks/useSession";
import { useAppDispatch } from "./store";
import { useOpenCompose } from "./useUnder";

const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");

export function DropAnywhere({ children }: { children: ReactNode }) {
  const { me } = useSession();
  const dispatch = useAppDispatch();
  const openCompose = useOpenCompose();
  const drop = async (event: DragEvent) => {
    if (event.defaultPrevented || !carriesFiles(event)) return;
    event.preventDefault();
    if (!me) return;
    const files = [...event.dataTransfer.files];
    const { addFiles } = await import("../features/compose/uploader");
    dispatch(addFiles(files));
    openCompose();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; New post does the same
    <div
      className="min-h-dvh"
      onDragOver={(event) => {
        if (carriesFiles(event)) event.preventDefault();
      }}
      onDrop={drop}
    >
      {children}
    </div>
  );
}
