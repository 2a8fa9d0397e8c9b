// Where a profile will stand, while it loads.
import { useTranslation } from "../../../i18n";
import { Bone } from "../../../ui/states";

export function ProfileBones() {
  const { t } = useTranslation("profile");
  return (
    <div role="status" aria-label={t("loading")} className="mx-auto max-w-[975px] animate-late md:px-6">
      <div className="flex items-center gap-5 px-4 py-5 md:gap-16 md:px-8 md:py-10">
        <Bone className="size-[77px] shrink-0 rounded-full md:size-[150px]" />
        <span className="grid gap-4">
          <Bone className="h-4 w-40" />
          <Bone className="h-3 w-56" />
          <Bone className="h-3 w-32" />
        </span>
      </div>
      <GridBones />
    </div>
  );
}

export function GridBones() {
  return (
    <div className="grid grid-cols-3 gap-1 pt-1">
      {["a", "b", "c", "d", "e", "f"].map((key) => (
        <Bone key={key} className="aspect-square rounded-none" />
      ))}
    </div>
  );
}
