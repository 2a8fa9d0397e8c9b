import { Camera as Icon, Video } from "lucide-react";
import { useTranslation } from "../../../i18n";
import { buttonClass } from "../../../ui/Button";

/** Takes a photo or a video where the device has a camera to its back: on phones and tablets. */
export function Camera({ onFiles, films = false }: { onFiles: (files: Iterable<File>) => void; films?: boolean }) {
  const { t } = useTranslation("compose");
  return (
    <label
      className={buttonClass(
        "quiet",
        "hidden! cursor-pointer focus-within:outline-2 focus-within:outline-amber pointer-coarse:inline-flex!",
      )}
    >
      {films ? <Video aria-hidden="true" className="size-4" /> : <Icon aria-hidden="true" className="size-4" />}
      {t(films ? "takeFilm" : "takePhoto")}
      <input
        type="file"
        accept={films ? "video/*" : "image/*"}
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
