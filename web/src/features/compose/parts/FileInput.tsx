import type { Ref } from "react";
import { useTranslation } from "../../../i18n";
import { acceptedFiles } from "../kinds";

/** The file chooser; a visible label for it stands right after. */
export function FileInput({
  id,
  onFiles,
  ref,
}: {
  id: string;
  onFiles: (files: Iterable<File>) => void;
  ref?: Ref<HTMLInputElement>;
}) {
  const { t } = useTranslation("compose");
  return (
    <input
      ref={ref}
      id={id}
      type="file"
      multiple
      aria-label={t("choose")}
      accept={acceptedFiles}
      onChange={(event) => {
        onFiles([...(event.target.files ?? [])]);
        event.target.value = "";
      }}
      className="peer sr-only"
    />
  );
}
