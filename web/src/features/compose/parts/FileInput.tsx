import type { Ref } from "react";
import { acceptedTypes } from "../uploader";

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
  return (
    <input
      ref={ref}
      id={id}
      type="file"
      multiple
      aria-label="Choose photos"
      accept={[...acceptedTypes, ".heic", ".heif", ".avif"].join(",")}
      onChange={(event) => {
        onFiles([...(event.target.files ?? [])]);
        event.target.value = "";
      }}
      className="peer sr-only"
    />
  );
}
