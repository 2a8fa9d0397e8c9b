// Where a post will stand, while it loads.
import { useTranslation } from "../../../i18n";
import { Bone } from "../../../ui/states";

export function PostBones() {
  const { t } = useTranslation("post");
  return (
    <div
      role="status"
      aria-label={t("loading")}
      className="mx-auto max-w-[1180px] animate-late md:mx-6 md:mt-6 lg:grid lg:grid-cols-[minmax(0,1fr)_400px] xl:mx-auto"
    >
      <div className="flex items-center gap-3 px-4 py-4 lg:hidden">
        <Bone className="size-8 rounded-full" />
        <Bone className="h-3 w-36" />
      </div>
      <Bone className="aspect-square w-full rounded-none lg:aspect-auto lg:h-[calc(100dvh-3rem)] lg:rounded-m" />
      <div className="grid content-start gap-4 p-4">
        <Bone className="h-3 w-3/4" />
        <Bone className="h-3 w-1/2" />
        <Bone className="h-3 w-2/3" />
      </div>
    </div>
  );
}
