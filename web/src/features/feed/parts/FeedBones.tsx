// Where posts will stand, while the first of them load.
import { useTranslation } from "../../../i18n";
import { Bone } from "../../../ui/states";

export function FeedBones() {
  const { t } = useTranslation();
  return (
    <div className="animate-late" role="status" aria-label={t("loading")}>
      {["a", "b"].map((key) => (
        <div key={key} className="grid gap-3 pb-10">
          <div className="flex items-center gap-3 px-4 pt-3 md:px-0">
            <Bone className="size-8 rounded-full" />
            <Bone className="h-3 w-36" />
          </div>
          <Bone className="aspect-[4/5] w-full rounded-none md:rounded-m" />
          <Bone className="mx-4 h-3 w-52 md:mx-0" />
        </div>
      ))}
    </div>
  );
}
