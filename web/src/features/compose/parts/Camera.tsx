import { Camera as Icon } from "lucide-react";
import { useTranslation } from "../../../i18n";
import { buttonClass } from "../../../ui/Button";

/** Takes a photo where the device has a camera to its back: on phones and tablets. */
export function Camera({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const { t } = useTranslation("compose");
  return (
    <label
      className={buttonClass(
        "quiet",
        "hidden! cursor-pointer focus-within:outline-2 focus-within:outline-amber pointer-coarse:inline-flex!",
      )}
    >
      <Icon aria-hidden="true" className="size-4" /> {t("takePhoto")}
      <input
        type="file"
        accept="image/*"
        capture="environment"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
        className="sr-only"
      />
    </label>
  );
}
