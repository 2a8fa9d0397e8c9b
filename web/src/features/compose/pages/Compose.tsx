// Making a post, in a dialog that can be left and resumed: pictures on one side, words on the other.

import { type ClipboardEvent, type DragEvent, useState } from "react";
import { friendly } from "../../../api/errors";
import { useAppDispatch, useAppSelector } from "../../../app/store";
import { useCloseOver } from "../../../app/useUnder";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { mostAtOnce, parts } from "../draft";
import { useKeptDraft } from "../hooks/useKeptDraft";
import { useShare } from "../hooks/useShare";
import { CaptionBox } from "../parts/CaptionBox";
import { More } from "../parts/More";
import { Pick } from "../parts/Pick";
import { Pictures } from "../parts/Pictures";
import { Restored } from "../parts/Restored";
import { Several } from "../parts/Several";
import { addFiles } from "../uploader";

const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");

export default function Compose() {
  const { t } = useTranslation("compose");
  const draft = useAppSelector((state) => state.compose);
  const dispatch = useAppDispatch();
  const close = useCloseOver();
  const { share, error, isLoading, inTheWay } = useShare();
  const isRestored = useKeptDraft();
  const posts = parts(draft).length;
  const [over, setOver] = useState(false);
  const [left, setLeft] = useState(0);
  const add = (files: Iterable<File>) => setLeft(dispatch(addFiles(files)));
  const drop = (event: DragEvent) => {
    setOver(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  };
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    add(event.clipboardData.files);
  };
  const action = (
    <Button
      onClick={share}
      busy={isLoading}
      aria-disabled={inTheWay ? true : undefined}
      aria-describedby="in-the-way"
      className="aria-disabled:opacity-60"
    >
      {posts > 1 ? t("shareSeveral", { count: posts }) : t("share")}
    </Button>
  );
  return (
    <Dialog title={t("title")} onClose={close} action={action} className="md:w-[min(92vw,940px)]">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped and pasted anywhere; the button does the same */}
      <div
        onDragOver={(event) => {
          if (!carriesFiles(event)) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node) && setOver(false)}
        onDrop={drop}
        onPaste={paste}
        className={`grid min-h-full md:min-h-[520px] md:grid-cols-[minmax(0,1fr)_340px] ${over ? "bg-sunken" : ""}`}
      >
        {draft.pictures.length === 0 ? <Pick onFiles={add} over={over} /> : <Pictures onFiles={add} />}
        <div className="flex flex-col gap-4 border-line p-4 max-md:border-t md:border-l">
          {isRestored && <Restored />}
          <Several />
          <CaptionBox />
          <More />
          {left > 0 && (
            <p role="status" className="text-danger">
              {t("tooMany", { most: mostAtOnce, count: left })}
            </p>
          )}
          {error && (
            <p role="alert" className="rounded-s bg-sunken px-3 py-2 text-danger">
              {t("kept", { said: friendly(error) })}
            </p>
          )}
          <p id="in-the-way" className="mt-auto text-ink-faint text-xs">
            {inTheWay ?? t("ready")}
          </p>
        </div>
      </div>
    </Dialog>
  );
}
