// All pictures in a row, to choose and to order by dragging, and the way to add more.

import { CircleAlert, Plus } from "lucide-react";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { type DraftPicture, mostAtOnce, mostPictures, pictureMoved } from "../draft";
import { useReorder } from "../hooks/useReorder";
import { FileInput } from "./FileInput";
import { Ring } from "./Ring";

type Props = {
  pictures: DraftPicture[];
  chosen: string;
  onChoose: (id: string) => void;
  onFiles: (files: Iterable<File>) => void;
};

export function Strip({ pictures, chosen, onChoose, onFiles }: Props) {
  const { t } = useTranslation("compose");
  const dispatch = useAppDispatch();
  const { dragged, press } = useReorder((id, to) => {
    if (pictures[to]?.id !== id) dispatch(pictureMoved({ id, to }));
  });
  return (
    <div className="-m-1 flex gap-2 overflow-x-auto p-1">
      <ul className="flex gap-2">
        {pictures.map((picture, index) => (
          <li
            key={picture.id}
            onPointerDown={press(picture.id)}
            onContextMenu={(event) => dragged && event.preventDefault()}
            className={`select-none ${dragged === picture.id ? "opacity-50" : ""} ${index > 0 && index % mostPictures === 0 ? "border-edge border-l-2 pl-2" : ""}`}
          >
            <button
              type="button"
              aria-pressed={picture.id === chosen}
              aria-label={t(picture.problem ? "photoFailed" : "photo", { at: index + 1, name: picture.name })}
              onClick={() => onChoose(picture.id)}
              className="relative block size-16 overflow-hidden rounded-s bg-sunken aria-pressed:ring-2 aria-pressed:ring-ink aria-pressed:ring-offset-2 aria-pressed:ring-offset-sheet"
            >
              {picture.preview && (
                <img
                  src={picture.preview}
                  alt=""
                  width={64}
                  height={64}
                  draggable={false}
                  className="size-full object-cover"
                />
              )}
              <State picture={picture} />
            </button>
          </li>
        ))}
      </ul>
      {pictures.length < mostAtOnce && (
        <div className="shrink-0">
          <FileInput id="more-photos" onFiles={onFiles} />
          <label
            htmlFor="more-photos"
            className="grid size-16 place-items-center rounded-s border-2 border-line border-dashed text-ink-faint hover:border-edge peer-focus-visible:outline-2 peer-focus-visible:outline-amber"
          >
            <Plus aria-hidden="true" className="size-6" />
            <span className="sr-only">{t("add")}</span>
          </label>
        </div>
      )}
    </div>
  );
}

function State({ picture }: { picture: DraftPicture }) {
  if (picture.state === "uploaded") return null;
  return (
    <span className="absolute inset-0 grid place-items-center bg-veil text-white">
      {picture.problem ? (
        <CircleAlert aria-hidden="true" className="size-6" />
      ) : (
        <Ring share={picture.progress} name={picture.name} />
      )}
    </span>
  );
}
