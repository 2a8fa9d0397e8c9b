// Where a post begins: drop, paste or choose.

import { ImagePlus } from "lucide-react";
import { useTranslation } from "../../../i18n";
import { buttonClass } from "../../../ui/Button";
import { Camera } from "./Camera";
import { FileInput } from "./FileInput";

export function Pick({ onFiles, over }: { onFiles: (files: Iterable<File>) => void; over: boolean }) {
  const { t } = useTranslation("compose");
  return (
    <div className="grid p-4">
      <div
        className={`grid min-h-64 content-center justify-items-center gap-3 rounded-m border-2 border-dashed p-6 text-center transition-colors ${over ? "border-amber" : "border-line"}`}
      >
        <ImagePlus aria-hidden="true" className="size-10 stroke-[1.25] text-ink-faint" />
        <p className="text-base">{over ? t("letGo") : t("drop")}</p>
        <div>
          <FileInput id="photos" onFiles={onFiles} />
          <label
            htmlFor="photos"
            className={buttonClass(
              "main",
              "peer-focus-visible:outline-2 peer-focus-visible:outline-amber peer-focus-visible:outline-offset-2",
            )}
          >
            {t("choose")}
          </label>
        </div>
        <Camera onFiles={onFiles} />
        <Camera onFiles={onFiles} films />
        <p className="max-w-[34ch] text-ink-faint text-xs">{t("limits")}</p>
      </div>
    </div>
  );
}
